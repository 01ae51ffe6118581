//! Signing: `Authorization` of a request, parameters of a payment sheet, and key files.

mod authorization;
mod key_files;
mod payment_sheets;
mod requests;
mod self_test;
mod signers;

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use wechatpay_core::{
    Clock, NonceSource,
    crypto::{CryptoProvider, KeyLoadError, PublicKey},
    sign::{LocalSigner, RequestSigner, Signer, SigningMessage},
    testing::{DemoKey, private_key_pem},
    types::PrivateKeyPem,
};

const NOW: i64 = 1_700_000_000;
const NONCE: &str = "593BEC0C930BF1AFEB40B4A08C8FB242";
const MCHID: &str = "1900000001";
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

fn merchant_pem() -> String {
    private_key_pem(DemoKey::Merchant.pkcs8())
}

fn load(pem: &str, provider: &dyn CryptoProvider) -> Result<LocalSigner, KeyLoadError> {
    LocalSigner::new(SERIAL.parse().unwrap(), &PrivateKeyPem::from(pem), provider)
}

fn local(provider: &dyn CryptoProvider) -> LocalSigner {
    load(&merchant_pem(), provider).unwrap()
}

fn public(provider: &dyn CryptoProvider, key: DemoKey) -> Arc<dyn PublicKey> {
    let key = key.load(provider).unwrap();
    provider.public_key(key.public_key_info()).unwrap()
}

fn request_signer(signer: impl Signer + 'static) -> RequestSigner {
    RequestSigner::new(MCHID.parse().unwrap(), Arc::new(signer))
        .clock(Clock::fixed(NOW))
        .nonces(NonceSource::from_fn(|| NONCE.into()))
}

fn verifies(key: &dyn PublicKey, message: &[u8], signature: &str) -> bool {
    key.verify(&[message], &STANDARD.decode(signature).unwrap())
        .is_ok()
}

/// Polls once, outside any runtime.
fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

fn message() -> SigningMessage {
    SigningMessage::request("GET", "/v3/x", "1700000000", NONCE, Bytes::new()).unwrap()
}

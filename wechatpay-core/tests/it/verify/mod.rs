//! Signature verification: headers, window, key and signature, in this order.

mod headers;
mod keys;
mod message;
mod order;
mod signature;
mod timestamp;

use std::sync::Arc;

use bytes::Bytes;
use wechatpay_core::{
    Clock,
    crypto::PrivateKey,
    keys::PlatformKey,
    testing::{CertificateSpec, DemoKey, FakePlatform},
    types::KeyId,
    verify::{Verified, Verifier, VerifyError},
};

use crate::support::providers;

const NOW: i64 = 1_700_000_000;
const NONCE: &str = "593BEC0C930BF1AFEB40B4A08C8FB242";
const BODY: &str = "{\"a\":1,\n\"b\":2}\n";
const SERIAL: [u8; 4] = [0x0A, 0xBC, 0xDE, 0x0F];

/// Headers of one message, to be modified.
#[derive(Clone)]
struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    fn with(&self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.without(name).and(name, value)
    }

    fn and(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.0.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    fn without(&self, name: &str) -> Self {
        let others = self.0.iter().filter(|(key, _)| !key.eq_ignore_ascii_case(name));
        Self(others.cloned().collect())
    }

    fn get(&self, name: &str) -> &[u8] {
        let found = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_slice()).unwrap()
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }
}

/// Platform, its key loaded once, and a verifier that trusts it.
struct Rig {
    name: &'static str,
    platform: FakePlatform,
    id: KeyId,
    key: Arc<dyn PrivateKey>,
    verifier: Verifier,
}

fn rigs() -> Vec<Rig> {
    let rig = |(name, provider)| {
        let platform = FakePlatform::with_provider(provider).clock(Clock::fixed(NOW));
        let (id, key) = platform.signing_key();
        let verifier = Verifier::new(platform.key_store()).clock(Clock::fixed(NOW));
        Rig {
            name,
            platform,
            id,
            key,
            verifier,
        }
    };
    providers().into_iter().map(rig).collect()
}

impl Rig {
    /// Creates genuine headers over [`BODY`], signed now.
    fn headers(&self) -> Headers {
        self.sign(&NOW.to_string(), NONCE, BODY)
    }

    fn sign(&self, timestamp: &str, nonce: &str, body: &str) -> Headers {
        self.sign_as(&self.id, self.key.as_ref(), timestamp, nonce, body)
    }

    fn sign_as(&self, id: &KeyId, key: &dyn PrivateKey, timestamp: &str, nonce: &str, body: &str) -> Headers {
        Headers(FakePlatform::sign_with(
            id,
            key,
            timestamp,
            nonce,
            body.as_bytes(),
        ))
    }

    async fn verify(&self, headers: &Headers, body: &str) -> Result<Verified<Bytes>, VerifyError> {
        verify_with(&self.verifier, headers, body).await
    }

    async fn refusal(&self, headers: &Headers) -> VerifyError {
        self.verify(headers, BODY).await.unwrap_err()
    }

    /// Creates a certificate of the platform's first key, modified by `change`.
    fn certificate(&self, change: impl FnOnce(&mut CertificateSpec)) -> PlatformKey {
        let mut spec = self.platform.certificate_spec(DemoKey::Platform1, &SERIAL);
        change(&mut spec);
        self.platform.platform_key(&self.platform.issue(&spec))
    }
}

async fn verify_with(
    verifier: &Verifier,
    headers: &Headers,
    body: &str,
) -> Result<Verified<Bytes>, VerifyError> {
    let pending = verifier.begin(headers.pairs())?;
    let keyed = pending.key().await?;
    keyed.verify(Bytes::copy_from_slice(body.as_bytes()))
}

//! Keys that miscalculate.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use wechatpay_core::{
    crypto::{
        Aead, CryptoProvider, DecryptError, Digest, KeyLoadError, PrivateKey, PublicKey, SigningFailed,
    },
    sign::{SignError, Signer},
    types::ApiV3Key,
};
use zeroize::Zeroizing;

use super::{load, merchant_pem, message};
use crate::support::providers;

/// Backend whose keys miscalculate after a number of signatures.
#[derive(Debug)]
struct Faulty(Arc<dyn CryptoProvider>, usize);

#[derive(Debug)]
struct FaultyKey(Arc<dyn PrivateKey>, AtomicUsize);

impl CryptoProvider for Faulty {
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
        self.0.public_key(spki)
    }

    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        Ok(Arc::new(FaultyKey(
            self.0.private_key(pkcs8)?,
            AtomicUsize::new(self.1),
        )))
    }

    fn aead(&self, key: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError> {
        self.0.aead(key)
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        self.0.sha256(data)
    }

    fn sha1_digest(&self) -> Box<dyn Digest<20>> {
        self.0.sha1_digest()
    }

    fn sha256_digest(&self) -> Box<dyn Digest<32>> {
        self.0.sha256_digest()
    }
}

impl PrivateKey for FaultyKey {
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SigningFailed> {
        let mut signature = self.0.sign(message)?;
        let good_left = self.1.load(Ordering::SeqCst);
        match good_left.checked_sub(1) {
            Some(left) => self.1.store(left, Ordering::SeqCst),
            None => signature[100] ^= 1,
        }
        Ok(signature)
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        self.0.decrypt(ciphertext)
    }

    fn public_key_info(&self) -> &[u8] {
        self.0.public_key_info()
    }
}

#[test]
fn a_key_that_miscalculates_fails_its_self_test() {
    for (name, provider) in providers() {
        let error = load(&merchant_pem(), &Faulty(provider, 0)).unwrap_err();
        assert_eq!(error, KeyLoadError::SelfTest, "{name}");
    }
}

/// Checks T40: a miscalculated signature must not be returned.
///
/// The factors of the key could be computed from it.
#[tokio::test]
async fn a_key_that_miscalculates_later_gives_no_signature_when_each_is_verified() {
    for (name, provider) in providers() {
        // One for the self-test, one that is good.
        let signer = load(&merchant_pem(), &Faulty(Arc::clone(&provider), 2))
            .unwrap()
            .verify_after_sign(provider.as_ref())
            .unwrap();
        for spawn_blocking in [false, true] {
            let signer = signer.clone().spawn_blocking(spawn_blocking);
            let outcome = signer.sign(message()).await;
            if spawn_blocking {
                assert!(matches!(outcome, Err(SignError::Key)), "{name}");
            } else {
                assert!(outcome.is_ok(), "{name}");
            }
        }
    }
}

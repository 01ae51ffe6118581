//! Crypto provider of an application, for programs without a backend of this crate.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use wechatpay_core::{
    crypto::{
        Aead, CryptoProvider, Digest, KeyLoadError, PrivateKey, PublicKey, Sha1, Sha256, default_provider,
        install_default,
    },
    types::ApiV3Key,
};

use crate::support::{child, providers};

/// Provider that delegates to another one and counts the requested digests.
#[derive(Debug)]
struct Own(Arc<dyn CryptoProvider>, AtomicUsize);

impl CryptoProvider for Own {
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
        self.0.public_key(spki)
    }

    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        self.0.private_key(pkcs8)
    }

    fn aead(&self, key: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError> {
        self.0.aead(key)
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        self.0.sha256(data)
    }

    fn sha1_digest(&self) -> Box<dyn Digest<20>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.sha1_digest()
    }

    fn sha256_digest(&self) -> Box<dyn Digest<32>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.sha256_digest()
    }
}

/// Runs in a child process, because a provider is installed for the whole process.
#[test]
fn digests_and_builders_take_the_installed_provider() {
    if child::case().is_none() {
        let test = "provider::digests_and_builders_take_the_installed_provider";
        let output = child::command(test, "install").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}\n{wrong}"
        );
        return;
    }
    let (_, backend) = providers().remove(0);
    let own = Arc::new(Own(backend, AtomicUsize::new(0)));
    install_default(Arc::<Own>::clone(&own)).unwrap();

    let mut sha1 = Sha1::new().unwrap();
    sha1.update(b"abc");
    assert!(sha1.finish().starts_with(&[0xA9, 0x99, 0x3E, 0x36]));
    let mut sha256 = Sha256::new().unwrap();
    sha256.update(b"abc");
    assert!(sha256.finish().starts_with(&[0xBA, 0x78, 0x16, 0xBF]));
    assert_eq!(own.1.load(Ordering::Relaxed), 2);
    assert!(format!("{:?}", default_provider().unwrap()).starts_with("Own("));

    // The first one stays.
    assert!(install_default(own).is_err());
}

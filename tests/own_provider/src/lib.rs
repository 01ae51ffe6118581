//! A crypto provider of the application's own, for tests without a backend.
//!
//! Its digests are real. Its signatures are not: anybody can make them, so it must not leave this package.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use der::{
    Decode as _, Encode as _,
    asn1::{BitStringRef, UintRef},
};
use pkcs1::RsaPrivateKey;
use pkcs8::PrivateKeyInfoRef;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use spki::SubjectPublicKeyInfoRef;
use wechatpay_core::{
    crypto::{
        Aead, BadSignature, CryptoProvider, DecryptError, Digest, EncryptError, KeyLoadError, OpenError,
        PrivateKey, PublicKey, SigningFailed,
    },
    types::ApiV3Key,
};
use zeroize::Zeroizing;

/// A provider that counts the digests it starts.
#[derive(Debug, Default)]
pub struct OwnProvider {
    digests: AtomicUsize,
}

impl OwnProvider {
    /// Number of digests that were started.
    pub fn digests(&self) -> usize {
        self.digests.load(Ordering::Relaxed)
    }

    fn start<D>(&self, digest: D) -> Box<Running<D>> {
        self.digests.fetch_add(1, Ordering::Relaxed);
        Box::new(Running(digest))
    }
}

impl CryptoProvider for OwnProvider {
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
        Ok(Arc::new(Key(spki.to_vec())))
    }

    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
        let spki = public_half(pkcs8).map_err(|_| KeyLoadError::Backend("RSA private key"))?;
        Ok(Arc::new(Key(spki)))
    }

    fn aead(&self, _: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError> {
        Ok(Arc::new(Closed))
    }

    fn sha256(&self, data: &[u8]) -> [u8; 32] {
        Sha256::digest(data).into()
    }

    fn sha1_digest(&self) -> Box<dyn Digest<20>> {
        self.start(Sha1::new())
    }

    fn sha256_digest(&self) -> Box<dyn Digest<32>> {
        self.start(Sha256::new())
    }
}

struct Running<D>(D);

impl Digest<20> for Running<Sha1> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> [u8; 20] {
        self.0.finalize().into()
    }
}

impl Digest<32> for Running<Sha256> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finish(self: Box<Self>) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// Both halves of a key.
///
/// Its "signature" is a digest of the public half and the message.
#[derive(Debug)]
struct Key(Vec<u8>);

impl Key {
    fn stamp(&self, message: &[&[u8]]) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(&self.0);
        message.iter().for_each(|part| digest.update(part));
        // As long as an RSA signature.
        digest.finalize().repeat(8)
    }
}

impl PublicKey for Key {
    fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature> {
        if signature == self.stamp(message) {
            Ok(())
        } else {
            Err(BadSignature)
        }
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        Err(EncryptError::TooLong {
            length: plaintext.len(),
        })
    }
}

impl PrivateKey for Key {
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SigningFailed> {
        Ok(self.stamp(message))
    }

    fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        Err(DecryptError)
    }

    fn public_key_info(&self) -> &[u8] {
        &self.0
    }
}

fn public_half(pkcs8: &[u8]) -> der::Result<Vec<u8>> {
    let info = PrivateKeyInfoRef::from_der(pkcs8)?;
    let key = RsaPrivateKey::<UintRef<'_>>::from_der(info.private_key.as_bytes())?
        .public_key()
        .to_der()?;
    SubjectPublicKeyInfoRef {
        algorithm: info.algorithm,
        subject_public_key: BitStringRef::from_bytes(&key)?,
    }
    .to_der()
}

/// Opens and seals nothing.
#[derive(Debug)]
struct Closed;

impl Aead for Closed {
    fn open(&self, _: &[u8], _: &[u8], _: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        Err(OpenError)
    }

    fn seal(&self, _: &[u8], _: &[u8], _: Vec<u8>) -> Result<Vec<u8>, OpenError> {
        Err(OpenError)
    }
}

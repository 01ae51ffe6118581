//! The traits that a backend implements.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use super::{BadSignature, DecryptError, EncryptError, KeyLoadError, OpenError, SigningFailed};
use crate::types::ApiV3Key;

/// Length of an AES-GCM nonce of the platform, in bytes.
pub(crate) const NONCE_LENGTH: usize = 12;
/// Length of an AES-GCM tag, in bytes.
pub(crate) const TAG_LENGTH: usize = 16;

/// A backend: turns key bytes into keys that are parsed once and used many times.
pub trait CryptoProvider: fmt::Debug + Send + Sync {
    /// An RSA public key from a DER `SubjectPublicKeyInfo`. Callers have checked its size and exponent.
    ///
    /// # Errors
    /// Bytes that the backend refuses.
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError>;

    /// An RSA private key from a DER PKCS#8 `PrivateKeyInfo`.
    ///
    /// # Errors
    /// Bytes that the backend refuses, among them keys whose parts do not fit together.
    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError>;

    /// AES-256-GCM under the APIv3 key.
    ///
    /// # Errors
    /// Only if the backend fails.
    fn aead(&self, key: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError>;

    /// SHA-256.
    fn sha256(&self, data: &[u8]) -> [u8; 32];

    /// Starts a SHA-1 that is fed piece by piece; the platform gives one out with a bill.
    fn sha1_digest(&self) -> Box<dyn Digest<20>>;

    /// Starts a SHA-256 that is fed piece by piece; an upload announces one.
    fn sha256_digest(&self) -> Box<dyn Digest<32>>;

    /// True if a signature takes milliseconds, so that it should leave an async worker.
    fn signs_slowly(&self) -> bool {
        false
    }
}

/// An RSA public key.
pub trait PublicKey: fmt::Debug + Send + Sync {
    /// Verifies RSA PKCS#1 v1.5 with SHA-256 over the concatenation of `message`.
    ///
    /// The message comes in parts so that a body is hashed where it lies and never copied.
    ///
    /// # Errors
    /// A signature that does not fit, whatever the reason.
    fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature>;

    /// Encrypts with RSA-OAEP (SHA-1, MGF1-SHA-1, empty label).
    ///
    /// # Errors
    /// A text that is too long for the key (214 bytes for RSA-2048).
    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError>;
}

/// An RSA private key.
pub trait PrivateKey: fmt::Debug + Send + Sync {
    /// Signs the concatenation of `message` with RSA PKCS#1 v1.5 and SHA-256.
    ///
    /// # Errors
    /// Only if the backend fails.
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SigningFailed>;

    /// Decrypts RSA-OAEP (SHA-1, MGF1-SHA-1, empty label).
    ///
    /// # Errors
    /// A ciphertext that was not made for this key.
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError>;

    /// The public half as a DER `SubjectPublicKeyInfo`.
    fn public_key_info(&self) -> &[u8];
}

/// AES-256-GCM under one key.
pub trait Aead: fmt::Debug + Send + Sync {
    /// Opens `sealed` (ciphertext followed by a 16-byte tag). The nonce must have 12 bytes.
    ///
    /// # Errors
    /// Wrong length, or a tag that does not fit. Nothing of the plaintext survives an error.
    fn open(
        &self,
        nonce: &[u8],
        associated_data: &[u8],
        sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError>;

    /// Seals `plaintext` and appends the 16-byte tag; what a test gateway needs.
    ///
    /// # Errors
    /// A nonce of another length than 12 bytes.
    fn seal(&self, nonce: &[u8], associated_data: &[u8], plaintext: Vec<u8>) -> Result<Vec<u8>, OpenError>;
}

/// A digest of `N` bytes that is fed piece by piece. A [`CryptoProvider`] makes it.
pub trait Digest<const N: usize>: Send + Sync {
    /// Adds these bytes.
    fn update(&mut self, data: &[u8]);

    /// The digest of all bytes.
    fn finish(self: Box<Self>) -> [u8; N];
}

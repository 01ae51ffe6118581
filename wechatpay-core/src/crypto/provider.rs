//! Traits that a crypto backend implements.

use std::{fmt, sync::Arc};

use zeroize::Zeroizing;

use super::{BadSignature, DecryptError, EncryptError, KeyLoadError, OpenError, SigningFailed};
use crate::types::ApiV3Key;

/// Length of the platform's AES-GCM nonces, in bytes.
pub(crate) const NONCE_LENGTH: usize = 12;
/// Length of an AES-GCM tag, in bytes.
pub(crate) const TAG_LENGTH: usize = 16;

/// Crypto backend.
///
/// It parses key bytes once into keys that are used many times.
pub trait CryptoProvider: fmt::Debug + Send + Sync {
    /// Creates an RSA public key from a DER `SubjectPublicKeyInfo`.
    ///
    /// Callers have checked its size and exponent.
    ///
    /// # Errors
    /// Returns an error if the backend rejects the bytes.
    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn PublicKey>, KeyLoadError>;

    /// Creates an RSA private key from a DER PKCS#8 `PrivateKeyInfo`.
    ///
    /// # Errors
    /// Returns an error if the backend rejects the bytes, for example because the parts of the key do not belong
    /// together.
    fn private_key(&self, pkcs8: &[u8]) -> Result<Arc<dyn PrivateKey>, KeyLoadError>;

    /// Creates AES-256-GCM under the APIv3 key.
    ///
    /// # Errors
    /// Returns an error only if the backend fails.
    fn aead(&self, key: &ApiV3Key) -> Result<Arc<dyn Aead>, KeyLoadError>;

    /// Computes SHA-256.
    fn sha256(&self, data: &[u8]) -> [u8; 32];

    /// Starts an incremental SHA-1, for the digest that the platform gives with a bill.
    fn sha1_digest(&self) -> Box<dyn Digest<20>>;

    /// Starts an incremental SHA-256, for the digest that an upload announces.
    fn sha256_digest(&self) -> Box<dyn Digest<32>>;

    /// Returns `true` if a signature takes milliseconds and should leave an async worker.
    fn signs_slowly(&self) -> bool {
        false
    }
}

/// RSA public key.
pub trait PublicKey: fmt::Debug + Send + Sync {
    /// Verifies RSA PKCS#1 v1.5 with SHA-256 over the concatenation of `message`.
    ///
    /// The message has parts so that a body is hashed without a copy.
    ///
    /// # Errors
    /// Returns [`BadSignature`] if the signature does not match, for any reason.
    fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<(), BadSignature>;

    /// Encrypts with RSA-OAEP (SHA-1, MGF1-SHA-1, empty label).
    ///
    /// # Errors
    /// Returns an error if the text is too long for the key (more than 214 bytes for RSA-2048).
    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError>;
}

/// RSA private key.
pub trait PrivateKey: fmt::Debug + Send + Sync {
    /// Signs the concatenation of `message` with RSA PKCS#1 v1.5 and SHA-256.
    ///
    /// # Errors
    /// Returns an error only if the backend fails.
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SigningFailed>;

    /// Decrypts RSA-OAEP (SHA-1, MGF1-SHA-1, empty label).
    ///
    /// # Errors
    /// Returns an error if the ciphertext was not encrypted for this key.
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError>;

    /// Returns the public half as a DER `SubjectPublicKeyInfo`.
    fn public_key_info(&self) -> &[u8];
}

/// AES-256-GCM under one key.
pub trait Aead: fmt::Debug + Send + Sync {
    /// Decrypts `sealed`: ciphertext followed by a 16-byte tag.
    ///
    /// The nonce must have 12 bytes.
    ///
    /// # Errors
    /// Returns an error if a length is wrong or the tag does not match. No plaintext is kept after an error.
    fn open(
        &self,
        nonce: &[u8],
        associated_data: &[u8],
        sealed: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError>;

    /// Encrypts `plaintext` and appends the 16-byte tag, for test gateways.
    ///
    /// # Errors
    /// Returns an error if the nonce does not have 12 bytes.
    fn seal(&self, nonce: &[u8], associated_data: &[u8], plaintext: Vec<u8>) -> Result<Vec<u8>, OpenError>;
}

/// Incremental digest of `N` bytes, created by a [`CryptoProvider`].
pub trait Digest<const N: usize>: Send + Sync {
    /// Adds these bytes.
    fn update(&mut self, data: &[u8]);

    /// Returns the digest of all bytes.
    fn finish(self: Box<Self>) -> [u8; N];
}

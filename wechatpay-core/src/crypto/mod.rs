//! The cryptography of API v3 behind small traits.
//!
//! Algorithms are fixed by the kind of key and never chosen by a header: RSA PKCS#1 v1.5 with SHA-256 for
//! signatures, RSA-OAEP with SHA-1 and MGF1-SHA-1 for sensitive fields, AES-256-GCM with a 12-byte nonce for
//! notifications and certificates.
//!
//! Two complete backends: `aws_lc` (feature `aws-lc-rs`, the default) and
//! `rust_crypto` (feature `rust-crypto`). Which one is used is decided by a written rule:
//! the provider given to a builder, else the one given to [`install_default`], else `aws-lc-rs` when it is compiled in, else
//! `rust-crypto`, else [`NoCryptoProvider`]. Both may be on. None need be on for a program that installs a provider of its own.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use zeroize::Zeroizing;

use crate::types::ApiV3Key;

#[cfg(feature = "aws-lc-rs")]
pub mod aws_lc;
#[cfg(feature = "encrypted-bills")]
pub mod bill;
mod digest;
pub mod pem;
#[cfg(feature = "rust-crypto")]
pub mod rust_crypto;
pub(crate) mod spki;
pub mod x509;

pub use digest::{Digest, Sha1, Sha256};
pub use pem::KeyLoadError;
#[cfg(feature = "test-util")]
pub(crate) use spki::tlv as spki_tlv;
pub use spki::{MIN_MODULUS_BITS, RsaPublicKeyInfo};

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

    /// Whether a signature takes milliseconds, so that it should leave an async worker.
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
    fn sign(&self, message: &[&[u8]]) -> Result<Vec<u8>, SignError>;

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
    /// Another length, or a tag that does not fit. Nothing of the plaintext survives an error.
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

/// A signature that does not fit its message and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not fit")]
pub struct BadSignature;

/// An AES-GCM container that does not open with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sealed text does not open with this key, nonce and associated data")]
pub struct OpenError;

/// An RSA-OAEP ciphertext that does not open with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ciphertext does not open with this private key")]
pub struct DecryptError;

/// A text that could not be encrypted with RSA-OAEP.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// Longer than the key can take.
    #[error("the text has {length} bytes, more than this key can encrypt")]
    TooLong {
        /// Length of the text in bytes.
        length: usize,
    },
    /// No platform key is known to encrypt with.
    #[error("no platform key is known to encrypt with")]
    NoKey,
}

/// A signature could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The local key failed.
    #[error("the private key could not sign")]
    Key,
    /// The random numbers of the operating system could not be read.
    #[error("the operating system gave no random numbers")]
    Random,
    /// The blocking thread that should have signed went away (the runtime is shutting down).
    #[error("the runtime is shutting down")]
    Shutdown,
    /// A part of the message would let it be read as another one.
    #[error(transparent)]
    Message(#[from] crate::sign::InvalidLine),
    /// A remote signer (KMS, HSM) failed.
    #[error("the remote signer failed")]
    Remote(#[source] crate::BoxError),
}

/// No backend was compiled in and none was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no cryptography: enable the feature `aws-lc-rs` or `rust-crypto` of wechatpay-core, or call crypto::install_default"
)]
pub struct NoCryptoProvider;

static INSTALLED: OnceLock<Arc<dyn CryptoProvider>> = OnceLock::new();

/// Makes this provider the default of the process, for builders that are given none and for the digests of files. Call it
/// once, at the start of `main`.
///
/// # Errors
/// Gives the provider back if one was installed before.
pub fn install_default(provider: Arc<dyn CryptoProvider>) -> Result<(), Arc<dyn CryptoProvider>> {
    INSTALLED.set(provider)
}

/// The provider that was installed, else the backend that the features choose; see the rule in the [module documentation](self).
///
/// # Errors
/// [`NoCryptoProvider`] when neither feature is on and none was installed.
pub fn default_provider() -> Result<Arc<dyn CryptoProvider>, NoCryptoProvider> {
    if let Some(provider) = INSTALLED.get() {
        return Ok(Arc::clone(provider));
    }
    #[cfg(feature = "aws-lc-rs")]
    let provider: Arc<dyn CryptoProvider> = Arc::new(aws_lc::AwsLc);
    #[cfg(all(feature = "rust-crypto", not(feature = "aws-lc-rs")))]
    let provider: Arc<dyn CryptoProvider> = Arc::new(rust_crypto::RustCrypto);
    #[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
    let provider = Ok(provider);
    #[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
    let provider = Err(NoCryptoProvider);
    provider
}

/// Length of an AES-GCM nonce of the platform, in bytes.
pub(crate) const NONCE_LENGTH: usize = 12;
/// Length of an AES-GCM tag, in bytes.
pub(crate) const TAG_LENGTH: usize = 16;

//! Cryptography of API v3 behind small traits.
//!
//! The kind of key decides the algorithm; a header never does. Signatures are RSA PKCS#1 v1.5 with SHA-256. Sensitive
//! fields are RSA-OAEP with SHA-1 and MGF1-SHA-1. Notifications and certificates are AES-256-GCM with a 12-byte nonce.
//!
//! There are two complete backends: `aws_lc` (feature `aws-lc-rs`, the default) and `rust_crypto` (feature
//! `rust-crypto`). A builder uses the first of these that exists:
//!
//! 1. the provider given to the builder,
//! 2. the provider given to [`install_default`],
//! 3. `aws-lc-rs`,
//! 4. `rust-crypto`,
//! 5. otherwise it returns [`NoCryptoProvider`].
//!
//! Both features may be on. A program that installs its own provider needs neither.

#[cfg(feature = "encrypted-bills")]
pub mod aead_stream;
#[cfg(feature = "aws-lc-rs")]
pub mod aws_lc;
mod block;
mod default;
mod digest;
mod error;
pub mod pem;
mod provider;
#[cfg(feature = "rust-crypto")]
pub mod rust_crypto;
mod spki;
pub mod x509;

pub use default::{default_provider, install_default};
pub use digest::{Sha1, Sha256};
pub use error::{BadSignature, DecryptError, KeyLoadError, NoCryptoProvider, OpenError, SigningFailed};
pub use provider::{Aead, CryptoProvider, Digest, PrivateKey, PublicKey};
pub(crate) use provider::{NONCE_LENGTH, TAG_LENGTH};
pub use spki::{MIN_MODULUS_BITS, RsaPublicKeyInfo};

pub use crate::types::EncryptError;

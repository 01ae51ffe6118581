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

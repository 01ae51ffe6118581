//! Key files in their usual forms, and hints about wrong files.
//!
//! Accepted: PKCS#8 (`PRIVATE KEY`) and PKCS#1 (`RSA PRIVATE KEY`) private keys; `PUBLIC KEY`, `RSA PUBLIC KEY` and
//! certificates as a public key; LF, CRLF or the two characters `\n` of an environment variable as line ends; any line
//! width.
//!
//! Rejected with a hint: a certificate in place of a private key and the reverse, encrypted keys, PKCS#12 containers,
//! PEM text without its BEGIN and END lines or encoded as base64, keys other than RSA, and text that is not PEM.

use std::sync::Arc;

use super::{
    CryptoProvider, KeyLoadError, PrivateKey, PublicKey, RsaPublicKeyInfo,
    block::{Content, Kind, PRIVATE_KEY, PUBLIC_KEY, only_block, wrong_kind},
    spki,
    x509::PlatformCertificate,
};

#[cfg(feature = "test-util")]
pub(crate) use super::block::encode;
pub use super::block::{certificate_der, encode_certificate, split_certificates};

/// Reads an RSA private key: PKCS#8 or PKCS#1.
///
/// Signs once and verifies the signature with the public half, as a self-test.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn private_key(pem: &str, provider: &dyn CryptoProvider) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
    let Content { kind, der } = only_block(pem, "PRIVATE KEY", PRIVATE_KEY)?;
    let pkcs8 = match kind {
        Kind::PrivateKey => der,
        Kind::RsaPrivateKey => spki::pkcs8_from_pkcs1(&der)?,
        kind => return Err(wrong_kind(kind, PRIVATE_KEY)),
    };
    RsaPublicKeyInfo::of_private_key(&pkcs8)?;
    let key = provider.private_key(&pkcs8)?;
    self_test(key.as_ref(), provider)?;
    Ok(key)
}

fn self_test(key: &dyn PrivateKey, provider: &dyn CryptoProvider) -> Result<(), KeyLoadError> {
    let message: [&[u8]; 1] = [b"wechatpay self-test"];
    let signature = key.sign(&message).map_err(|_| KeyLoadError::SelfTest)?;
    provider
        .public_key(key.public_key_info())?
        .verify(&message, &signature)
        .map_err(|_| KeyLoadError::SelfTest)
}

/// Reads an RSA public key.
///
/// Accepts `PUBLIC KEY`, `RSA PUBLIC KEY` and certificates.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn public_key(pem: &str, provider: &dyn CryptoProvider) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
    let spki = public_key_info(pem)?;
    provider.public_key(&spki)
}

/// Returns the DER `SubjectPublicKeyInfo` of any text that [`public_key`] accepts.
///
/// Checks size and exponent.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn public_key_info(pem: &str) -> Result<Vec<u8>, KeyLoadError> {
    let Content { kind, der } = only_block(pem, "PUBLIC KEY", PUBLIC_KEY)?;
    let spki = match kind {
        Kind::PublicKey => der.to_vec(),
        Kind::RsaPublicKey => spki::from_pkcs1(&der)?,
        Kind::Certificate => PlatformCertificate::from_der(&der)?.public_key_info().to_vec(),
        kind => return Err(wrong_kind(kind, PUBLIC_KEY)),
    };
    RsaPublicKeyInfo::parse(&spki)?;
    Ok(spki)
}

/// Returns `true` for a certificate in place of a bare public key.
pub(crate) fn is_certificate(pem: &str) -> bool {
    only_block(pem, "PUBLIC KEY", PUBLIC_KEY).is_ok_and(|content| content.kind == Kind::Certificate)
}

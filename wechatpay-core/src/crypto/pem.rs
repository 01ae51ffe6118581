//! Key files as people have them, and hints when it is the wrong one.
//!
//! Accepted: PKCS#8 (`PRIVATE KEY`) and PKCS#1 (`RSA PRIVATE KEY`) private keys, `PUBLIC KEY`, `RSA PUBLIC KEY` and
//! certificates for a public key; LF, CRLF or the two characters `\n` of an environment variable as line ends; any
//! line width. Refused with a hint: a certificate where a private key is wanted and the reverse, encrypted keys,
//! keys that are no RSA, text that is no PEM at all.

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::base64;

use super::{CryptoProvider, PrivateKey, PublicKey, RsaPublicKeyInfo, spki, x509::PlatformCertificate};

/// A key could not be read. Says what was found instead; never shows key material.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyLoadError {
    /// No `-----BEGIN …-----` line.
    #[error("no PEM text: expected a line -----BEGIN {expected}-----{hint}", hint = hint_no_pem(.is_path, .is_empty))]
    NoPem {
        /// What was wanted.
        expected: &'static str,
        /// The text looks like the name of a file.
        is_path: bool,
        /// The text is empty.
        is_empty: bool,
    },
    /// The PEM text holds something else.
    #[error("this is {found}, not {expected}; {hint}")]
    WrongKind {
        /// What was found.
        found: &'static str,
        /// What was wanted.
        expected: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// The text between the lines is not base64, or the END line is missing.
    #[error("the PEM text is damaged: {0}")]
    DamagedPem(&'static str),
    /// More than one block where one is wanted.
    #[error("more than one PEM block: give exactly one {0}")]
    SeveralBlocks(&'static str),
    /// The bytes are not the DER structure that the label promises.
    #[error("the {0} is malformed")]
    Der(&'static str),
    /// Another algorithm than RSA.
    #[error("the key is not an RSA key; API v3 uses RSA")]
    NotRsa,
    /// Smaller than 2048 bits, or absurdly large.
    #[error("the RSA key has {bits} bits; 2048 to 8192 are accepted")]
    ModulusSize {
        /// Bits of the modulus.
        bits: usize,
    },
    /// The public exponent is even or below 65537.
    #[error("the RSA key has a weak public exponent; an odd one of at least 65537 is required")]
    WeakExponent,
    /// The backend refused it.
    #[error("the backend refuses the {0}")]
    Backend(&'static str),
    /// The key signed, and its own public half did not verify the result.
    #[error("the private key failed its self-test: its parts do not belong together")]
    SelfTest,
    /// A private key and a certificate that do not belong together.
    #[error("the private key does not belong to the certificate")]
    KeyPairMismatch,
}

fn hint_no_pem(is_path: &bool, is_empty: &bool) -> &'static str {
    match (is_path, is_empty) {
        (_, true) => "; the text is empty",
        (true, _) => {
            "; this looks like the name of a file, so give its content or use the setting for a file"
        }
        _ => "",
    }
}

/// Base64 text of one block and its label.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
    rest: &'a str,
}

const PRIVATE_KEY: &str = "a private key";
const PUBLIC_KEY: &str = "a public key";
const CERTIFICATE: &str = "a certificate";

/// Reads an RSA private key: PKCS#8 or PKCS#1.
///
/// The key proves itself: it signs once and its public half verifies.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn private_key(pem: &str, provider: &dyn CryptoProvider) -> Result<Arc<dyn PrivateKey>, KeyLoadError> {
    let pem = unescape(pem);
    let block = only_block(&pem, "PRIVATE KEY", PRIVATE_KEY)?;
    let der = decode(block.body)?;
    let pkcs8 = match block.label {
        "PRIVATE KEY" => der,
        "RSA PRIVATE KEY" => spki::pkcs8_from_pkcs1(&der),
        label => return Err(wrong_kind(label, PRIVATE_KEY)),
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

/// Reads an RSA public key: `PUBLIC KEY`, `RSA PUBLIC KEY`, or the key inside a certificate.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn public_key(pem: &str, provider: &dyn CryptoProvider) -> Result<Arc<dyn PublicKey>, KeyLoadError> {
    let spki = public_key_info(pem)?;
    provider.public_key(&spki)
}

/// The DER `SubjectPublicKeyInfo` of what [`public_key`] accepts, checked for size and exponent.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn public_key_info(pem: &str) -> Result<Vec<u8>, KeyLoadError> {
    let pem = unescape(pem);
    let block = only_block(&pem, "PUBLIC KEY", PUBLIC_KEY)?;
    let der = decode(block.body)?;
    let spki = match block.label {
        "PUBLIC KEY" => der.to_vec(),
        "RSA PUBLIC KEY" => spki::from_pkcs1(&der),
        "CERTIFICATE" => PlatformCertificate::from_der(&der)?.public_key_info().to_vec(),
        label => return Err(wrong_kind(label, PUBLIC_KEY)),
    };
    RsaPublicKeyInfo::parse(&spki)?;
    Ok(spki)
}

/// The DER bytes of exactly one certificate.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn certificate_der(pem: &str) -> Result<Vec<u8>, KeyLoadError> {
    let pem = unescape(pem);
    let block = only_block(&pem, "CERTIFICATE", CERTIFICATE)?;
    match block.label {
        "CERTIFICATE" => Ok(decode(block.body)?.to_vec()),
        label => Err(wrong_kind(label, CERTIFICATE)),
    }
}

/// Splits a text of several certificates, for instance a saved key ring, into its PEM blocks.
///
/// # Errors
/// Something else than certificates in it.
pub fn split_certificates(pem: &str) -> Result<Vec<Vec<u8>>, KeyLoadError> {
    let pem = unescape(pem);
    let mut rest: &str = &pem;
    let mut certificates = Vec::new();
    while let Some(block) = next_block(rest)? {
        if block.label != "CERTIFICATE" {
            return Err(wrong_kind(block.label, CERTIFICATE));
        }
        certificates.push(decode(block.body)?.to_vec());
        rest = block.rest;
    }
    Ok(certificates)
}

/// Turns the two characters `\n` of an environment variable into a line end.
fn unescape(pem: &str) -> Zeroizing<String> {
    if pem.contains("\\n") {
        Zeroizing::new(pem.replace("\\r", "").replace("\\n", "\n"))
    } else {
        Zeroizing::new(pem.to_owned())
    }
}

fn only_block<'a>(pem: &'a str, label: &'static str, noun: &'static str) -> Result<Block<'a>, KeyLoadError> {
    let block = next_block(pem)?.ok_or_else(|| KeyLoadError::NoPem {
        expected: label,
        is_path: looks_like_path(pem),
        is_empty: pem.trim().is_empty(),
    })?;
    if next_block(block.rest)?.is_some() {
        return Err(KeyLoadError::SeveralBlocks(noun));
    }
    Ok(block)
}

fn looks_like_path(text: &str) -> bool {
    let text = text.trim();
    text.len() < 512
        && !text.contains('\n')
        && [".pem", ".key", ".crt", ".cer", ".txt"]
            .iter()
            .any(|ending| text.ends_with(ending))
}

fn next_block(text: &str) -> Result<Option<Block<'_>>, KeyLoadError> {
    let Some((_, text)) = text.split_once("-----BEGIN ") else {
        return Ok(None);
    };
    let (label, text) = text
        .split_once("-----")
        .ok_or(KeyLoadError::DamagedPem("the BEGIN line does not end"))?;
    let (body, text) = text
        .split_once("-----END ")
        .ok_or(KeyLoadError::DamagedPem("the END line is missing"))?;
    let (end_label, rest) = text
        .split_once("-----")
        .ok_or(KeyLoadError::DamagedPem("the END line does not end"))?;
    if label != end_label {
        return Err(KeyLoadError::DamagedPem(
            "the END line has another label than the BEGIN line",
        ));
    }
    Ok(Some(Block { label, body, rest }))
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, KeyLoadError> {
    if body.contains("Proc-Type") {
        return Err(KeyLoadError::WrongKind {
            found: "an encrypted private key",
            expected: PRIVATE_KEY,
            hint: "decrypt it first (openssl pkcs8 -topk8 -nocrypt)",
        });
    }
    let base64: Zeroizing<Vec<u8>> =
        Zeroizing::new(body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    base64::decode(base64.as_slice())
        .map(Zeroizing::new)
        .map_err(|_| KeyLoadError::DamagedPem("the lines between BEGIN and END are not base64"))
}

fn wrong_kind(label: &str, expected: &'static str) -> KeyLoadError {
    let (found, hint) = match label {
        "CERTIFICATE" => (
            CERTIFICATE,
            "a private key is wanted here: the file is usually called apiclient_key.pem, the certificate apiclient_cert.pem",
        ),
        "PRIVATE KEY" | "RSA PRIVATE KEY" => (
            PRIVATE_KEY,
            "give the public part of the platform here (pub_key.pem or a platform certificate), and keep your private key to yourself",
        ),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => (
            PUBLIC_KEY,
            "give the setting that takes a public key (WECHATPAY_PUBLIC_KEY) this file, and this one the file it names",
        ),
        "ENCRYPTED PRIVATE KEY" => (
            "an encrypted private key",
            "decrypt it first (openssl pkcs8 -topk8 -nocrypt)",
        ),
        "EC PRIVATE KEY" => ("an elliptic-curve key", "API v3 uses RSA"),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => (
            "a certificate request",
            "give the file that the merchant platform issued for it",
        ),
        _ => (
            "another kind of PEM text",
            "see the documentation of this setting",
        ),
    };
    KeyLoadError::WrongKind {
        found,
        expected,
        hint,
    }
}

/// A certificate as PEM text with lines of 64 characters.
#[must_use]
pub fn encode_certificate(der: &[u8]) -> String {
    encode("CERTIFICATE", der)
}

pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let base64 = base64::encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

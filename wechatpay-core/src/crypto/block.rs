//! PEM text: blocks, their labels, and hints about unexpected content.

use der::{Decode as _, Reader as _, SliceReader, Tag, asn1::AnyRef};
use zeroize::Zeroizing;

use super::KeyLoadError;
use crate::base64;

/// Start of a PEM block.
const BEGIN: &str = "-----BEGIN ";

/// Base64 text of one block and its label.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
    rest: &'a str,
}

/// Kind of content found in a text.
pub(super) struct Content {
    pub(super) kind: Kind,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// Kind of content, by the label of a PEM block or the DER structure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    PrivateKey,
    RsaPrivateKey,
    EncryptedPrivateKey,
    EllipticPrivateKey,
    PublicKey,
    RsaPublicKey,
    Certificate,
    CertificateRequest,
    Pkcs12,
    Other,
}

impl Kind {
    fn of_label(label: &str) -> Self {
        match label {
            "PRIVATE KEY" => Self::PrivateKey,
            "RSA PRIVATE KEY" => Self::RsaPrivateKey,
            "ENCRYPTED PRIVATE KEY" => Self::EncryptedPrivateKey,
            "EC PRIVATE KEY" => Self::EllipticPrivateKey,
            "PUBLIC KEY" => Self::PublicKey,
            "RSA PUBLIC KEY" => Self::RsaPublicKey,
            "CERTIFICATE" => Self::Certificate,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::CertificateRequest,
            _ => Self::Other,
        }
    }

    /// Reads the first elements of the outer sequence to tell the kind.
    ///
    /// Validity is checked later, when the structure is read.
    fn of_der(der: &[u8]) -> Option<Self> {
        // BER of indefinite length, as some tools write the container.
        if der.starts_with(&[0x30, 0x80, 0x02, 0x01, 0x03]) {
            return Some(Self::Pkcs12);
        }
        let mut reader = SliceReader::new(der).ok()?;
        let elements = reader
            .sequence(|reader| {
                let mut elements = Vec::new();
                while !reader.is_finished() {
                    elements.push(AnyRef::decode(reader)?);
                }
                Ok::<_, der::Error>(elements)
            })
            .ok()?;
        let tags: Vec<Tag> = elements.iter().map(der::Tagged::tag).collect();
        let version = elements.first().map(|first| first.value());
        match tags.as_slice() {
            [Tag::Integer, Tag::Sequence, ..] if version == Some(&[3]) => Some(Self::Pkcs12),
            [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Some(Self::PrivateKey),
            [Tag::Integer, Tag::OctetString, ..] => Some(Self::EllipticPrivateKey),
            [Tag::Integer, Tag::Integer] => Some(Self::RsaPublicKey),
            [Tag::Integer, Tag::Integer, Tag::Integer, ..] => Some(Self::RsaPrivateKey),
            [Tag::Sequence, Tag::BitString] => Some(Self::PublicKey),
            [Tag::Sequence, Tag::OctetString] => Some(Self::EncryptedPrivateKey),
            [Tag::Sequence, Tag::Sequence, Tag::BitString] => Some(Self::Certificate),
            _ => None,
        }
    }
}

pub(super) const PRIVATE_KEY: &str = "a private key";
pub(super) const PUBLIC_KEY: &str = "a public key";
const CERTIFICATE: &str = "a certificate";

/// Returns the DER bytes of exactly one certificate.
///
/// # Errors
/// See [`KeyLoadError`].
pub fn certificate_der(pem: &str) -> Result<Vec<u8>, KeyLoadError> {
    let Content { kind, der } = only_block(pem, "CERTIFICATE", CERTIFICATE)?;
    match kind {
        Kind::Certificate => Ok(der.to_vec()),
        kind => Err(wrong_kind(kind, CERTIFICATE)),
    }
}

/// Splits a text of several certificates into its PEM blocks.
///
/// A saved key ring is such a text.
///
/// # Errors
/// Returns an error if the text contains anything but certificates.
pub fn split_certificates(pem: &str) -> Result<Vec<Vec<u8>>, KeyLoadError> {
    let mut rest = pem;
    let mut certificates = Vec::new();
    while let Some(block) = next_block(rest)? {
        let kind = Kind::of_label(block.label);
        if kind != Kind::Certificate {
            return Err(wrong_kind(kind, CERTIFICATE));
        }
        certificates.push(decode(block.body)?.to_vec());
        rest = block.rest;
    }
    Ok(certificates)
}

/// Returns the content of exactly one PEM block.
pub(super) fn only_block(
    text: &str,
    label: &'static str,
    noun: &'static str,
) -> Result<Content, KeyLoadError> {
    let block = next_block(text)?.ok_or_else(|| no_block(text, label, noun))?;
    if next_block(block.rest)?.is_some() {
        return Err(KeyLoadError::SeveralBlocks(noun));
    }
    Ok(Content {
        kind: Kind::of_label(block.label),
        der: decode(block.body)?,
    })
}

/// Names the content that was found in place of a PEM text.
///
/// Variables of other SDKs and of containers hold the text between the lines, or the whole file in base64.
fn no_block(text: &str, label: &'static str, noun: &'static str) -> KeyLoadError {
    let no_pem = KeyLoadError::NoPem {
        expected: label,
        is_path: looks_like_path(text),
        is_empty: text.trim().is_empty(),
    };
    let Ok(der) = compact_base64(text) else {
        return no_pem;
    };
    if std::str::from_utf8(&der).is_ok_and(|inner| inner.contains(BEGIN)) {
        return KeyLoadError::EncodedTwice(label);
    }
    match Kind::of_der(&der) {
        None => no_pem,
        Some(kind) => match (kind, noun) {
            (Kind::PrivateKey, PRIVATE_KEY) => KeyLoadError::NoArmour("PRIVATE KEY"),
            (Kind::RsaPrivateKey, PRIVATE_KEY) => KeyLoadError::NoArmour("RSA PRIVATE KEY"),
            (Kind::PublicKey, PUBLIC_KEY) => KeyLoadError::NoArmour("PUBLIC KEY"),
            (Kind::RsaPublicKey, PUBLIC_KEY) => KeyLoadError::NoArmour("RSA PUBLIC KEY"),
            (Kind::Certificate, PUBLIC_KEY | CERTIFICATE) => KeyLoadError::NoArmour("CERTIFICATE"),
            (kind, noun) => wrong_kind(kind, noun),
        },
    }
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
    let Some((_, text)) = text.split_once(BEGIN) else {
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
    compact_base64(body)
        .map_err(|_| KeyLoadError::DamagedPem("the lines between BEGIN and END are not base64"))
}

/// Decodes base64 that contains white space or the two characters `\n`.
///
/// The two characters are the line end of an environment variable.
fn compact_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, base64::NotBase64> {
    // Full capacity: a growing vector would leave copies of the key in memory.
    let mut compact = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let is_escape = byte == b'\\' && bytes.next_if(|next| matches!(next, b'n' | b'r')).is_some();
        if !is_escape && !byte.is_ascii_whitespace() {
            compact.push(byte);
        }
    }
    base64::decode_secret(&compact)
}

pub(super) fn wrong_kind(kind: Kind, expected: &'static str) -> KeyLoadError {
    let (found, hint) = match (kind, expected) {
        (Kind::Certificate, _) => (
            CERTIFICATE,
            "a private key is expected here: the file is usually called apiclient_key.pem, the certificate apiclient_cert.pem",
        ),
        (Kind::PrivateKey | Kind::RsaPrivateKey, CERTIFICATE) => (
            PRIVATE_KEY,
            "the certificate is usually called apiclient_cert.pem, and the private key has a setting of its own",
        ),
        (Kind::PrivateKey | Kind::RsaPrivateKey, _) => (
            PRIVATE_KEY,
            "use the platform's public key here (pub_key.pem or a platform certificate), and keep your private key secret",
        ),
        (Kind::PublicKey | Kind::RsaPublicKey, _) => (
            PUBLIC_KEY,
            "this file belongs in the setting of a public key (WECHATPAY_PUBLIC_KEY); this setting needs the file it names",
        ),
        (Kind::EncryptedPrivateKey, _) => (
            "an encrypted private key",
            "decrypt it first (openssl pkcs8 -topk8 -nocrypt)",
        ),
        (Kind::EllipticPrivateKey, _) => ("an elliptic-curve key", "API v3 uses RSA"),
        (Kind::CertificateRequest, _) => (
            "a certificate request",
            "use the file that the merchant platform issued for it",
        ),
        (Kind::Pkcs12, _) => (
            "a PKCS#12 container (apiclient_cert.p12)",
            "use apiclient_key.pem or apiclient_cert.pem of the same download",
        ),
        (Kind::Other, _) => (
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

/// Encodes a certificate as PEM text with lines of 64 characters.
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

//! Signature headers: each exactly once, in a strict grammar, kept verbatim.

use std::fmt;

use super::{SignatureHeader, VerifyError};
use crate::{base64, types::KeyId};

/// Prefix of `Wechatpay-Signature` in a probe of the platform.
const PROBE_PREFIX: &str = "WECHATPAY/SIGNTEST/";
/// The only supported signature type.
const SIGNATURE_TYPE: &str = "WECHATPAY2-SHA256-RSA2048";
/// Longest accepted nonce. The platform sends 32 characters.
const MAX_NONCE: usize = 128;
/// Longest accepted signature in base64. RSA-4096 has 684 characters.
const MAX_SIGNATURE: usize = 1024;
/// Digits of a timestamp. Unix seconds have ten digits from 2001 to 2286.
const TIMESTAMP_DIGITS: usize = 10;

/// Signature headers of one message, well-formed but not yet verified.
#[derive(Clone)]
pub struct SignatureHeaders {
    /// First two lines of the signed message, verbatim, with their line ends.
    lines: String,
    timestamp: i64,
    key_id: KeyId,
    signature: Signature,
}

#[derive(Clone)]
enum Signature {
    Bytes(Vec<u8>),
    Probe,
}

impl SignatureHeaders {
    /// Reads the signature headers among the `(name, value)` pairs of any framework.
    ///
    /// # Errors
    /// Returns `HeaderMissing`, `HeaderDuplicate`, `HeaderMalformed` or `AlgorithmUnsupported`. A value that breaks its
    /// grammar is malformed, never missing.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, VerifyError> {
        let mut found: [Option<&'a [u8]>; 5] = [None; 5];
        let mut duplicate = None;
        // All pairs are visited even after a duplicate, because the caller may inspect them.
        for (name, value) in pairs {
            if let Some(header) = SignatureHeader::from_name(name)
                && let Some(slot) = found.get_mut(header.place())
                && slot.replace(value).is_some()
            {
                duplicate = duplicate.or(Some(header));
            }
        }
        if let Some(header) = duplicate {
            return Err(VerifyError::HeaderDuplicate(header));
        }
        let [timestamp, nonce, signature, serial, signature_type] = found;
        let require = |header, value: Option<&'a [u8]>| {
            let value = value.ok_or(VerifyError::HeaderMissing(header))?;
            // Visible ASCII only, so no CR, LF, NUL or blank can shift a line of the message.
            match std::str::from_utf8(value) {
                Ok(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(text),
                _ => Err(malformed(header, "must be visible ASCII without blanks")),
            }
        };
        let timestamp_text = require(SignatureHeader::Timestamp, timestamp)?;
        let nonce = require(SignatureHeader::Nonce, nonce)?;
        let signature = require(SignatureHeader::Signature, signature)?;
        let serial = require(SignatureHeader::Serial, serial)?;
        if let Some(value) = signature_type
            && value != SIGNATURE_TYPE.as_bytes()
        {
            return Err(VerifyError::AlgorithmUnsupported);
        }
        let timestamp = parse_timestamp(timestamp_text)?;
        if nonce.len() > MAX_NONCE || nonce.bytes().any(|byte| matches!(byte, b',' | b'"' | b';')) {
            return Err(malformed(
                SignatureHeader::Nonce,
                "must have 1 to 128 characters and not be a list",
            ));
        }
        let key_id = KeyId::parse(serial).map_err(|_| {
            malformed(
                SignatureHeader::Serial,
                "must be a certificate serial or a PUB_KEY_ID",
            )
        })?;
        if signature.len() > MAX_SIGNATURE {
            return Err(malformed(
                SignatureHeader::Signature,
                "must have at most 1024 characters",
            ));
        }
        let signature =
            if signature.starts_with(PROBE_PREFIX) {
                Signature::Probe
            } else {
                Signature::Bytes(base64::decode(signature).map_err(|_| {
                    malformed(SignatureHeader::Signature, "must be standard base64 with padding")
                })?)
            };
        let mut lines =
            String::with_capacity(timestamp_text.len().saturating_add(nonce.len()).saturating_add(2));
        for line in [timestamp_text, nonce] {
            lines.push_str(line);
            lines.push('\n');
        }
        Ok(Self {
            lines,
            timestamp,
            key_id,
            signature,
        })
    }

    /// Returns the time of the signature in Unix seconds.
    #[must_use]
    pub fn timestamp(&self) -> i64 {
        self.timestamp
    }

    /// Returns the id of the key that signed.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// Returns `true` for probe traffic.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        matches!(self.signature, Signature::Probe)
    }

    /// Returns the nonce verbatim.
    #[must_use]
    pub fn nonce(&self) -> &str {
        self.lines.lines().nth(1).unwrap_or_default()
    }

    /// Returns the decoded signature, or `None` for a probe.
    #[must_use]
    pub fn signature(&self) -> Option<&[u8]> {
        match &self.signature {
            Signature::Bytes(bytes) => Some(bytes),
            Signature::Probe => None,
        }
    }

    /// Returns the signed message around `body`, in parts.
    pub(super) fn message<'a>(&'a self, body: &'a [u8]) -> [&'a [u8]; 3] {
        [self.lines.as_bytes(), body, b"\n"]
    }
}

impl fmt::Debug for SignatureHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureHeaders")
            .field("timestamp", &self.timestamp)
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

fn malformed(header: SignatureHeader, problem: &'static str) -> VerifyError {
    VerifyError::HeaderMalformed { header, problem }
}

fn parse_timestamp(text: &str) -> Result<i64, VerifyError> {
    let problem = malformed(
        SignatureHeader::Timestamp,
        "must be ten digits (seconds, not milliseconds)",
    );
    if text.len() != TIMESTAMP_DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(problem);
    }
    text.parse().map_err(|_| problem)
}

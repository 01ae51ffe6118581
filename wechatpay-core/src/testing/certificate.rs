//! X.509 certificates for tests.

use der::{Any, Encode as _, Tag, TagNumber};

use crate::{
    crypto::{PrivateKey, SigningFailed, pem},
    types::DateTime,
};

/// `sha256WithRSAEncryption` with its NULL.
const SHA256_WITH_RSA: [u8; 15] = [
    0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00,
];
/// `commonName` (2.5.4.3).
const COMMON_NAME: [u8; 5] = [0x06, 0x03, 0x55, 0x04, 0x03];
/// `basicConstraints` (2.5.29.19).
const BASIC_CONSTRAINTS: [u8; 5] = [0x06, 0x03, 0x55, 0x1D, 0x13];

/// Content of a certificate.
#[derive(Clone, Debug)]
pub struct CertificateSpec {
    /// Serial as big-endian octets, without a leading zero.
    pub serial: Vec<u8>,
    /// Common name of the subject.
    pub subject: String,
    /// Common name of the issuer.
    pub issuer: String,
    /// First second of validity.
    pub not_before: i64,
    /// Last second of validity.
    pub not_after: i64,
    /// The certified key as DER `SubjectPublicKeyInfo`.
    pub public_key_info: Vec<u8>,
    /// `true` if it may issue certificates.
    pub is_ca: bool,
}

impl CertificateSpec {
    /// Issues the certificate with the issuer's key.
    ///
    /// # Errors
    /// Returns the error of the key.
    pub fn issue(&self, issuer: &dyn PrivateKey) -> Result<Vec<u8>, SigningFailed> {
        let tbs = self.tbs();
        let signature = issuer.sign(&[&tbs])?;
        let mut bits = vec![0];
        bits.extend(signature);
        let mut content = tbs;
        content.extend(SHA256_WITH_RSA);
        content.extend(element(Tag::BitString, &bits));
        Ok(element(Tag::Sequence, &content))
    }

    /// Issues the certificate as PEM text.
    ///
    /// # Errors
    /// Returns the error of the key.
    pub fn issue_pem(&self, issuer: &dyn PrivateKey) -> Result<String, SigningFailed> {
        Ok(pem::encode_certificate(&self.issue(issuer)?))
    }

    fn tbs(&self) -> Vec<u8> {
        let mut content = element(explicit(0), &[0x02, 0x01, 0x02]); // version 3
        let mut serial = self.serial.clone();
        // A top bit would make the number negative.
        if serial.first().is_none_or(|octet| octet & 0x80 != 0) {
            serial.insert(0, 0);
        }
        content.extend(element(Tag::Integer, &serial));
        content.extend(SHA256_WITH_RSA);
        content.extend(name(&self.issuer));
        content.extend(element(
            Tag::Sequence,
            &[time(self.not_before), time(self.not_after)].concat(),
        ));
        content.extend(name(&self.subject));
        content.extend(&self.public_key_info);
        let constraints = element(Tag::Sequence, if self.is_ca { &[0x01, 0x01, 0xFF] } else { &[] });
        let mut extension = BASIC_CONSTRAINTS.to_vec();
        extension.extend([0x01, 0x01, 0xFF]); // critical
        extension.extend(element(Tag::OctetString, &constraints));
        content.extend(element(
            explicit(3),
            &element(Tag::Sequence, &element(Tag::Sequence, &extension)),
        ));
        element(Tag::Sequence, &content)
    }
}

fn explicit(number: u32) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number),
    }
}

/// Encodes one DER element: tag, length, content.
#[expect(clippy::expect_used, reason = "a test kit: a certificate has some kilobytes")]
fn element(tag: Tag, content: &[u8]) -> Vec<u8> {
    Any::new(tag, content)
        .and_then(|element| element.to_der())
        .expect("an element that DER can hold")
}

fn name(common_name: &str) -> Vec<u8> {
    let mut attribute = COMMON_NAME.to_vec();
    attribute.extend(element(Tag::Utf8String, common_name.as_bytes()));
    element(
        Tag::Sequence,
        &element(Tag::Set, &element(Tag::Sequence, &attribute)),
    )
}

/// Encodes a time: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280).
fn time(unix_seconds: i64) -> Vec<u8> {
    let at = DateTime::from_unix_seconds(unix_seconds)
        .map(jiff::Timestamp::from)
        .unwrap_or_default();
    let long = at.strftime("%Y%m%d%H%M%SZ").to_string();
    match long.strip_prefix("20").filter(|short| *short < "5") {
        Some(short) => element(Tag::UtcTime, short.as_bytes()),
        None => element(Tag::GeneralizedTime, long.as_bytes()),
    }
}

/// Encodes a private key as PEM text (PKCS#8).
#[must_use]
pub fn private_key_pem(pkcs8: &[u8]) -> String {
    pem::encode("PRIVATE KEY", pkcs8)
}

/// Encodes a public key as PEM text.
#[must_use]
pub fn public_key_pem(public_key_info: &[u8]) -> String {
    pem::encode("PUBLIC KEY", public_key_info)
}

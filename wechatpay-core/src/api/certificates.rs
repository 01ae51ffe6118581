//! Platform certificates: `GET /v3/certificates` (获取平台证书).
//!
//! [`CertificateCache`](crate::keys::CertificateCache) calls this and looks after the result; call it yourself only to look.

use http::Method;
use serde::Deserialize;

use super::{Endpoint, Path};
use crate::types::{DateTime, SerialNumber};

/// The path, for those who sign it themselves.
pub const PATH: &str = "/v3/certificates";

/// Lists the certificates that are usable now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCertificates;

impl Endpoint for ListCertificates {
    const METHOD: Method = Method::GET;
    const TEMPLATE: &'static str = PATH;
    type Body<'a> = ();
    type Response = CertificateList;

    fn path(&self) -> Path {
        Path::new(PATH)
    }
}

/// The answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateList {
    /// One entry per certificate.
    pub data: Vec<ListedCertificate>,
}

/// One certificate, still sealed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ListedCertificate {
    /// Its serial.
    #[serde(deserialize_with = "serial")]
    pub serial_no: SerialNumber,
    /// First instant of use.
    pub effective_time: DateTime,
    /// Last instant of use.
    pub expire_time: DateTime,
    /// The sealed PEM text.
    pub encrypt_certificate: SealedCertificate,
}

/// An AES-256-GCM container under the APIv3 key.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct SealedCertificate {
    /// `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// 12 characters.
    pub nonce: String,
    /// `certificate`, or absent.
    pub associated_data: Option<String>,
    /// Base64 of ciphertext and tag.
    pub ciphertext: String,
}

fn serial<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<SerialNumber, D::Error> {
    let text = String::deserialize(deserializer)?;
    SerialNumber::parse(&text).map_err(serde::de::Error::custom)
}

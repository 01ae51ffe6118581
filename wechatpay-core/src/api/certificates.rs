//! Platform certificates: `GET /v3/certificates` (获取平台证书).
//!
//! [`CertificateCache`](crate::keys::CertificateCache) calls this and looks after the result; call it yourself only to look.

use serde::Deserialize;
use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{DateTime, SerialNumber};

/// The path, for those who sign it themselves.
pub const PATH: &str = "/v3/certificates";

/// Algorithm of platform certificates (平台证书算法类型).
#[open_enum]
pub enum CertificateAlgorithm {
    /// RSA; what this library uses.
    Rsa = "RSA",
    /// SM2; this library does not use it.
    Sm2 = "SM2",
    /// Both.
    All = "ALL",
}

/// Lists the certificates that are usable now.
#[derive(Clone, Debug, PartialEq, Eq, Default, Endpoint)]
#[endpoint(GET, "/v3/certificates", response = CertificateList)]
#[request(new = "The certificates of the default algorithm.")]
#[non_exhaustive]
pub struct ListCertificates {
    /// Algorithm of the certificates; RSA when left out.
    pub algorithm_type: Option<CertificateAlgorithm>,
}

/// The response.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CertificateList {
    /// One entry per certificate.
    #[response(required)]
    pub data: Vec<ListedCertificate>,
}

/// One certificate, still sealed.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ListedCertificate {
    /// Its serial.
    #[serde(deserialize_with = "serial")]
    pub serial_no: SerialNumber,
    /// First instant of use. The certificate itself decides.
    pub effective_time: Option<DateTime>,
    /// Last instant of use. The certificate itself decides.
    pub expire_time: Option<DateTime>,
    /// The sealed PEM text.
    pub encrypt_certificate: SealedCertificate,
}

/// An AES-256-GCM container under the APIv3 key.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
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

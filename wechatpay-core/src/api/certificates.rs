//! Platform certificates (获取平台证书).
//!
//! `GET /v3/certificates`. [`CertificateCache`](crate::keys::CertificateCache) calls this endpoint and updates the
//! keys; call it directly only for inspection.

use serde::Deserialize;
use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::types::{DateTime, SerialNumber};

/// Path of the endpoint, for code that signs it itself.
pub const PATH: &str = "/v3/certificates";

/// Algorithm of platform certificates (平台证书算法类型).
#[open_enum]
pub enum CertificateAlgorithm {
    /// RSA, supported by this library.
    Rsa = "RSA",
    /// SM2, not supported by this library.
    Sm2 = "SM2",
    /// RSA and SM2.
    All = "ALL",
}

/// Lists the certificates that are currently valid.
#[derive(Clone, Debug, PartialEq, Eq, Default, Endpoint)]
#[endpoint(GET, "/v3/certificates", response = CertificateList)]
#[request(new = "Creates the request for certificates of the default algorithm.")]
#[non_exhaustive]
pub struct ListCertificates {
    /// Algorithm of the certificates; RSA if omitted.
    pub algorithm_type: Option<CertificateAlgorithm>,
}

/// Response to [`ListCertificates`].
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CertificateList {
    /// One entry per certificate.
    #[response(required)]
    pub data: Vec<ListedCertificate>,
}

/// One certificate, encrypted with the APIv3 key.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ListedCertificate {
    /// Serial number of the certificate.
    #[serde(deserialize_with = "serial")]
    pub serial_no: SerialNumber,
    /// Start of validity; the certificate itself decides.
    pub effective_time: Option<DateTime>,
    /// End of validity; the certificate itself decides.
    pub expire_time: Option<DateTime>,
    /// Encrypted PEM text.
    pub encrypt_certificate: SealedCertificate,
}

/// AES-256-GCM ciphertext under the APIv3 key.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SealedCertificate {
    /// Always `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// Nonce of 12 characters.
    pub nonce: String,
    /// Associated data: `certificate`, or absent.
    pub associated_data: Option<String>,
    /// Base64 of ciphertext and tag.
    pub ciphertext: String,
}

fn serial<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<SerialNumber, D::Error> {
    let text = String::deserialize(deserializer)?;
    SerialNumber::parse(&text).map_err(serde::de::Error::custom)
}

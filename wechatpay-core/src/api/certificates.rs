//! Platform certificates: `GET /v3/certificates` (获取平台证书).
//!
//! [`CertificateCache`](crate::keys::CertificateCache) calls this and looks after the result; call it yourself only to look.

use serde::Deserialize;

use super::empty_is_none;
use crate::{
    macros::{endpoint, open_enum, request},
    types::{DateTime, SerialNumber},
};

/// The path, for those who sign it themselves.
pub const PATH: &str = "/v3/certificates";

open_enum! {
    /// Algorithm of platform certificates (平台证书算法类型).
    pub enum CertificateAlgorithm {
        /// RSA; what this library uses.
        Rsa = "RSA",
        /// SM2; this library does not use it.
        Sm2 = "SM2",
        /// Both.
        All = "ALL",
    }
}

request! {
    /// Lists the certificates that are usable now.
    #[derive(Default)]
    pub struct ListCertificates {
        optional {
            /// Algorithm of the certificates; RSA when left out.
            algorithm_type: CertificateAlgorithm,
        }
    }
    /// The certificates of the default algorithm.
    new
}

endpoint! {
    impl GET "/v3/certificates" for ListCertificates -> CertificateList {
        query: [algorithm_type],
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
    /// First instant of use. The certificate itself decides.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub effective_time: Option<DateTime>,
    /// Last instant of use. The certificate itself decides.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub expire_time: Option<DateTime>,
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

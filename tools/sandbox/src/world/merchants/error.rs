//! Errors of additions and changes.

use wechatpay_core::{crypto::KeyLoadError, types::Mchid};

/// Why a merchant was not added or changed. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum MerchantError {
    /// There is a merchant of this mchid.
    #[error("there is a merchant of this mchid: {0}")]
    Twice(Mchid),
    /// The maximum number of merchants is reached.
    #[error("there are too many merchants")]
    TooMany,
    /// The mchid is unknown.
    #[error("nobody has this mchid")]
    Unknown,
    /// A merchant is to be its own sub-merchant.
    #[error("a merchant is no sub-merchant of its own")]
    OwnSub,
    /// It has a certificate of this serial, which may be revoked.
    #[error("the merchant has a certificate of this serial")]
    CertificateTwice,
    /// The maximum number of certificates is reached.
    #[error("the merchant has too many certificates")]
    TooManyCertificates,
    /// It has no certificate of this serial.
    #[error("the merchant has no certificate of this serial")]
    NoCertificate,
    /// The certificate was revoked before.
    #[error("the certificate is revoked already")]
    RevokedAlready,
    /// A key cannot be read.
    #[error("a key cannot be read")]
    Key(#[from] KeyLoadError),
    /// A new key could not be made.
    #[error("a new key could not be made")]
    FreshKey,
}

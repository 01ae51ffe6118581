//! Source of certificates, and the errors of a refresh.

use std::{fmt, pin::Pin};

use bytes::Bytes;

use super::RejectedCertificate;
use crate::{
    BoxError,
    verify::{JsonError, VerifyError},
};

/// Source of platform certificates, usually `GET /v3/certificates`.
///
/// It signs the request and returns the response *unverified*: the cache verifies it with its own keys and those
/// inside. The client of `wechatpay-tower` implements it.
pub trait CertificateSource: fmt::Debug + Send + Sync {
    /// Sends the request. Dropping the future cancels it.
    fn fetch(&self) -> FetchFuture;
}

/// Future of [`CertificateSource::fetch`].
pub type FetchFuture = Pin<Box<dyn Future<Output = Result<CertificatesResponse, BoxError>> + Send>>;

/// Response of the platform, unverified.
#[derive(Clone)]
pub struct CertificatesResponse {
    /// HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The raw body. The source limits its size; 1 MiB is ample.
    pub body: Bytes,
}

impl fmt::Debug for CertificatesResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificatesResponse")
            .field("status", &self.status)
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Reason why certificates were not refreshed.
///
/// Current keys stay in every case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// The request got no response.
    #[error("GET /v3/certificates got no response")]
    Transport(#[source] BoxError),
    /// The response did not arrive in time.
    #[error("GET /v3/certificates took longer than {seconds} s")]
    Timeout {
        /// The deadline in seconds.
        seconds: u64,
    },
    /// The merchant has no platform certificates (public-key mode).
    ///
    /// Pin the public key instead.
    #[error(
        "the platform has no certificates for this merchant: configure the WeChat Pay public key instead"
    )]
    NoCertificates,
    /// The status is not 200.
    #[error("GET /v3/certificates returned status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// The body is malformed.
    #[error("the response to GET /v3/certificates is malformed")]
    Malformed(#[source] JsonError),
    /// A certificate cannot be decrypted with the APIv3 key.
    ///
    /// The key is wrong, or the response is not from the platform.
    #[error(
        "a platform certificate cannot be decrypted with the APIv3 key; is it the key of the merchant console?"
    )]
    DoesNotOpen,
    /// A certificate was rejected, and with it the whole set.
    ///
    /// A certificate outside its validity is only an error if no other certificate is left.
    #[error("platform certificate {serial} was rejected")]
    Rejected {
        /// Serial in the response, or `?` if it is not a valid serial.
        serial: String,
        /// The reason.
        #[source]
        source: RejectedCertificate,
    },
    /// The response is not signed by a known key or a key inside it.
    #[error("the response to GET /v3/certificates does not verify")]
    Unverified(#[source] VerifyError),
    /// The [`CertificateSource`] or the crypto backend panicked.
    #[error("the download of certificates panicked; the panic message is on standard error")]
    Panicked,
    /// No download has finished yet, and the next one is not due.
    #[error("no certificate download has finished yet, and the next one is not due")]
    NotDue,
}

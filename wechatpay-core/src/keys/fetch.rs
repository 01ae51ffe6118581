//! How certificates are fetched and why that may fail.

use std::{fmt, pin::Pin};

use bytes::Bytes;

use super::RejectedCertificate;
use crate::{
    BoxError,
    verify::{JsonError, VerifyError},
};

/// Fetches `GET /v3/certificates`: signs the request, and gives back the response *unverified* (the cache verifies it with
/// the keys it has and those inside). Implemented by the client of `wechatpay-tower`.
pub trait CertificateSource: fmt::Debug + Send + Sync {
    /// Sends the request. Dropping the future gives up.
    fn fetch(&self) -> FetchFuture;
}

/// Future of [`CertificateSource::fetch`].
pub type FetchFuture = Pin<Box<dyn Future<Output = Result<CertificatesResponse, BoxError>> + Send>>;

/// The platform's response as it came.
#[derive(Clone)]
pub struct CertificatesResponse {
    /// HTTP status.
    pub status: u16,
    /// All headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The raw body. Whoever reads it bounds it; a mebibyte is ample.
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

/// Why certificates were not refreshed. The keys that were there stay, whatever the reason.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// The request did not get a response.
    #[error("GET /v3/certificates got no response")]
    Transport(#[source] BoxError),
    /// The response did not come in time.
    #[error("GET /v3/certificates took longer than {seconds} s")]
    Timeout {
        /// The deadline.
        seconds: u64,
    },
    /// The merchant has no platform certificates (public-key mode). Pin the public key instead.
    #[error(
        "the platform has no certificates for this merchant: configure the WeChat Pay public key instead"
    )]
    NoCertificates,
    /// Another status than 200.
    #[error("GET /v3/certificates was answered with status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// The body is not what it should be.
    #[error("the response to GET /v3/certificates is malformed")]
    Malformed(#[source] JsonError),
    /// A certificate does not open with the APIv3 key: the key is wrong, or the response is not the platform's.
    #[error(
        "a platform certificate does not open with the APIv3 key; is the key the one set in the merchant console?"
    )]
    DoesNotOpen,
    /// A certificate was refused, and with it the whole set. For a certificate that is out of its time: no other one was
    /// left.
    #[error("platform certificate {serial} was refused")]
    Rejected {
        /// Serial as the response gave it, if it has the form of one.
        serial: String,
        /// Why.
        #[source]
        source: RejectedCertificate,
    },
    /// The response is not signed by one of the keys that are known or inside it.
    #[error("the response to GET /v3/certificates does not verify")]
    Unverified(#[source] VerifyError),
    /// The [`CertificateSource`] or the crypto backend panicked.
    #[error("the download of certificates panicked; the panic message is on standard error")]
    Panicked,
    /// No download has ended yet: one was begun and given up, and the next is not due.
    #[error("no download of certificates has ended yet, and the next is not due")]
    NotDue,
}

//! Download of platform certificates over HTTP.

use std::fmt;

use http::Request;
use tower::ServiceExt as _;
use wechatpay_core::{
    BoxError,
    api::{Idempotency, certificates},
    keys::{CertificateSource, CertificatesResponse, FetchFuture},
};

use super::Erased;
use crate::{
    Error, RequestBody,
    buffer::{Buffer, BufferError},
    failover::UseBackupHost,
};

/// Limit of a list of certificates, which has a few kilobytes.
const MAX_ANSWER: usize = 1024 * 1024;

/// Source of platform certificates for a [`CertificateCache`](wechatpay_core::keys::CertificateCache).
///
/// It calls `GET /v3/certificates`, signed, and returns the response unverified: the cache verifies it with the
/// certificates in it.
#[derive(Clone)]
pub struct HttpCertificateSource {
    service: Erased,
    url: String,
}

impl HttpCertificateSource {
    pub(super) fn new(service: Erased, base: &str) -> Self {
        Self {
            service,
            url: format!("{base}{}", certificates::PATH),
        }
    }
}

impl CertificateSource for HttpCertificateSource {
    fn fetch(&self) -> FetchFuture {
        let service = self.service.clone();
        let request = Request::get(self.url.as_str())
            .extension(Idempotency::Safe)
            .body(RequestBody::default());
        Box::pin(async move {
            let mut request = request?;
            let response = match service.clone().oneshot(request.clone()).await {
                // The connection broke. It is a read, so the other host is tried at once, if there is one.
                Err(error) if !error.is_not_sent() => {
                    request.extensions_mut().insert(UseBackupHost);
                    service.oneshot(request).await?
                }
                outcome => outcome?,
            };
            let (parts, body) = response.into_parts();
            let body = Buffer::new(body, MAX_ANSWER).await.map_err(|error| -> BoxError {
                match error {
                    BufferError::TooLarge => Error::ResponseTooLarge { limit: MAX_ANSWER }.into(),
                    BufferError::Failed(error) => Error::ResponseBody(error).into(),
                }
            })?;
            let headers = parts
                .headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
                .collect();
            Ok(CertificatesResponse {
                status: parts.status.as_u16(),
                headers,
                body,
            })
        })
    }
}

impl fmt::Debug for HttpCertificateSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpCertificateSource")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

//! Request for the file.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Uri, header::ACCEPT, header::CONTENT_ENCODING};
use http_body_util::combinators::UnsyncBoxBody;
use tower::ServiceExt as _;
use wechatpay_core::{BoxError, api::Idempotency};

use super::DownloadError;
use crate::{
    Client, RequestBody,
    client::UnknownCause,
    retry::{AttemptsLeft, CallKind},
    verify::ResponsePolicy,
};

type Body = UnsyncBoxBody<Bytes, BoxError>;

/// Kind of the requested file.
pub(super) struct Kind {
    call: CallKind,
    /// The response may be packed: the file is unpacked later.
    may_be_packed: bool,
}

impl Kind {
    /// Returns the kind of a file whose address the platform announced.
    ///
    /// The address contains a token, so logs and errors do not name it.
    pub(super) fn announced() -> Self {
        Self::new("{download_url}", true)
    }

    pub(super) fn unverified(template: &'static str) -> Self {
        Self::new(template, false)
    }

    fn new(template: &'static str, may_be_packed: bool) -> Self {
        Self {
            call: CallKind {
                method: Method::GET,
                template,
                idempotency: Idempotency::Safe,
                accepts_202: false,
            },
            may_be_packed,
        }
    }
}

impl Client {
    /// Sends the request, with retries until the first byte of the file.
    pub(super) async fn open(&self, kind: &Kind, uri: &Uri) -> Result<Response<Body>, DownloadError> {
        let (retry, deadline) = self.retry();
        let mut attempts = AttemptsLeft::new(retry, &kind.call, deadline);
        loop {
            let mut request = Request::get(uri.clone())
                .header(ACCEPT, HeaderValue::from_static("*/*"))
                .extension(kind.call.idempotency)
                .extension(ResponsePolicy::Stream)
                .body(RequestBody::default())
                .map_err(|_| DownloadError::NotAUrl)?;
            let timeout = attempts.start(&mut request);
            match self.open_once(kind, request, timeout).await {
                Ok(response) => {
                    attempts.succeeded();
                    return Ok(response);
                }
                Err(DownloadError::Call(error)) => attempts.failed(error).await?,
                Err(error) => return Err(error),
            }
        }
    }

    async fn open_once(
        &self,
        kind: &Kind,
        request: Request<RequestBody>,
        timeout: Duration,
    ) -> Result<Response<Body>, DownloadError> {
        let call = &kind.call;
        let late = |_| call.unusable(UnknownCause::Timeout(timeout));
        let response = tokio::time::timeout(timeout, self.service().oneshot(request))
            .await
            .map_err(late)?
            .map_err(|error| call.failed(error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(DownloadError::Redirect { status });
        }
        if !status.is_success() || status.as_u16() == 202 {
            let error = tokio::time::timeout(timeout, self.unsigned_refusal(response))
                .await
                .map_err(late)?;
            // The only documented reason for this code at an announced address.
            return Err(
                if kind.may_be_packed && status.as_u16() == 400 && error.is("INVALID_REQUEST") {
                    DownloadError::Expired(error)
                } else {
                    DownloadError::Call(call.refused(error))
                },
            );
        }
        let is_known = |value: &HeaderValue| {
            value.as_bytes().eq_ignore_ascii_case(b"identity")
                || (kind.may_be_packed && value.as_bytes().eq_ignore_ascii_case(b"gzip"))
        };
        if !response.headers().get_all(CONTENT_ENCODING).iter().all(is_known) {
            return Err(DownloadError::Encoded);
        }
        Ok(response)
    }
}

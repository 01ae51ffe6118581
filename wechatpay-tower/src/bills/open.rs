//! Asking for the file.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Uri, header::ACCEPT, header::CONTENT_ENCODING};
use http_body_util::combinators::UnsyncBoxBody;
use tower::ServiceExt as _;
use wechatpay_core::{
    BoxError,
    api::{
        Idempotency,
        bills::{BillFile, EncryptedBillFile},
    },
};

use super::{BillError, Download};
use crate::{
    Client, RequestBody,
    client::UnknownCause,
    retry::{AttemptsLeft, CallKind},
    verify::ResponsePolicy,
};

/// The address varies and holds a token, so logs and errors name it so.
const KIND: CallKind = CallKind {
    method: Method::GET,
    template: "{download_url}",
    idempotency: Idempotency::Safe,
};

type Body = UnsyncBoxBody<Bytes, BoxError>;

impl Client {
    /// Starts to download the file of a bill. See [`bills`](crate::bills).
    pub fn download(&self, bill: &BillFile) -> Download<'static> {
        Download::new(
            self.clone(),
            &bill.download_url,
            &bill.hash_type,
            &bill.hash_value,
            None,
        )
    }

    /// Starts to download one part of an encrypted bill, and to decrypt it with the merchant's private key. See
    /// [`bills`](crate::bills).
    pub fn download_part(&self, bill: &EncryptedBillFile) -> Download<'static> {
        Download::new(
            self.clone(),
            &bill.download_url,
            &bill.hash_type,
            &bill.hash_value,
            Some((bill.encrypt_key.clone(), bill.nonce.clone())),
        )
    }

    /// Asks for the file until it comes or does not. Nothing is repeated once its bytes come.
    pub(super) async fn open(&self, uri: &Uri) -> Result<Response<Body>, BillError> {
        let (retry, deadline) = self.retry();
        let mut attempts = AttemptsLeft::new(retry, &KIND, deadline);
        loop {
            let mut request = Request::get(uri.clone())
                .header(ACCEPT, HeaderValue::from_static("*/*"))
                .extension(KIND.idempotency)
                .extension(ResponsePolicy::Stream)
                .body(RequestBody::default())
                .map_err(|_| BillError::NotAUrl)?;
            let timeout = attempts.start(&mut request);
            match self.open_once(request, timeout).await {
                Ok(response) => {
                    attempts.succeeded();
                    return Ok(response);
                }
                Err(BillError::Call(error)) => attempts.failed(error).await?,
                Err(error) => return Err(error),
            }
        }
    }

    async fn open_once(
        &self,
        request: Request<RequestBody>,
        timeout: Duration,
    ) -> Result<Response<Body>, BillError> {
        let late = |_| KIND.unusable(UnknownCause::Timeout(timeout));
        let response = tokio::time::timeout(timeout, self.service().oneshot(request))
            .await
            .map_err(late)?
            .map_err(|error| KIND.failed(error))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(BillError::Redirect { status });
        }
        if !status.is_success() || status.as_u16() == 202 {
            let error = tokio::time::timeout(timeout, self.unsigned_refusal(response))
                .await
                .map_err(late)?;
            // The one documented reason for this code here.
            return Err(if status.as_u16() == 400 && error.is("INVALID_REQUEST") {
                BillError::Expired(error)
            } else {
                BillError::Call(KIND.refused(error))
            });
        }
        let is_known = |value: &HeaderValue| {
            [&b"identity"[..], b"gzip"]
                .iter()
                .any(|known| value.as_bytes().eq_ignore_ascii_case(known))
        };
        if !response.headers().get_all(CONTENT_ENCODING).iter().all(is_known) {
            return Err(BillError::Encoded);
        }
        Ok(response)
    }
}

//! Asking for the file.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header::ACCEPT, header::CONTENT_ENCODING};
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
    CallError, Client, RequestBody,
    client::{Attempts, UnknownCause, refusal},
    retry::{AttemptsLeft, CallKind},
    verify::ResponsePolicy,
};

/// The path varies and holds a token, so logs and errors name it so.
const KIND: CallKind = CallKind {
    template: "the file of a bill",
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
        let mut attempts = AttemptsLeft::new(retry, KIND, deadline);
        loop {
            let timeout = attempts.start();
            match self.open_once(uri, timeout).await {
                Ok(response) => {
                    attempts.succeeded();
                    return Ok(response);
                }
                Err(BillError::Call(error)) => attempts.failed(error).await?,
                Err(error) => return Err(error),
            }
        }
    }

    async fn open_once(&self, uri: &Uri, timeout: Duration) -> Result<Response<Body>, BillError> {
        let request = Request::get(uri.clone())
            .header(ACCEPT, HeaderValue::from_static("*/*"))
            .extension(KIND.idempotency)
            .extension(ResponsePolicy::Stream)
            .body(RequestBody::default())
            .map_err(|_| BillError::NotAUrl)?;
        let failed = |cause: UnknownCause| CallError::Read {
            template: KIND.template,
            attempts: Attempts::ONE,
            cause,
        };
        let response = match tokio::time::timeout(timeout, self.service().oneshot(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(source)) if source.is_not_sent() => {
                return Err(BillError::Call(CallError::NotSent {
                    attempts: Attempts::ONE,
                    source,
                }));
            }
            Ok(Err(error)) => return Err(failed(error.into()).into()),
            Err(_) => return Err(failed(UnknownCause::Timeout(timeout)).into()),
        };
        let status = response.status();
        if status.is_redirection() {
            return Err(BillError::Redirect { status });
        }
        if !status.is_success() || status.as_u16() == 202 {
            let error = tokio::time::timeout(timeout, refusal(response)).await;
            let error = Box::new(error.map_err(|_| failed(UnknownCause::Timeout(timeout)))?);
            // The one documented reason for this code here.
            return Err(if status.as_u16() == 400 && error.is("INVALID_REQUEST") {
                BillError::Expired(error)
            } else {
                BillError::Call(CallError::Api {
                    template: KIND.template,
                    attempts: Attempts::ONE,
                    error,
                })
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

//! Sending a form.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header::CONTENT_TYPE};
use wechatpay_core::{
    NonceSource,
    api::{
        Idempotency,
        media::{MediaMeta, UploadedMedia},
    },
    verify::Verified,
};

use super::{MediaFile, body::FormBody};
use crate::{CallError, Client, RequestBody, retry::CallKind, sign::SignedPayload};

impl Client {
    /// Uploads a picture, document or video, to the path that is for files of its kind.
    ///
    /// # Errors
    /// As [`call`](Self::call). A file that was changed since it was hashed breaks off the request.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the file there or not; nothing names it yet.
    pub async fn upload(&self, file: &MediaFile) -> Result<Verified<UploadedMedia>, CallError> {
        let kind = CallKind {
            method: Method::POST,
            template: file.meta().name().kind().path(),
            idempotency: Idempotency::No,
        };
        let request = self.form(&kind, file)?;
        self.send(&kind, request, |_: &UploadedMedia| Ok(())).await
    }

    fn form(&self, kind: &CallKind, file: &MediaFile) -> Result<Request<RequestBody>, CallError> {
        // 190 random bits: the file does not hold them.
        let boundary = NonceSource::system()
            .next()
            .map_err(|_| CallError::Request("the operating system gave no random numbers"))?;
        let meta = serde_json::to_vec(file.meta()).map_err(|_| CallError::Request("the meta is not JSON"))?;
        let meta = Bytes::from(meta);
        let head = head(&boundary, file.meta(), &meta);
        let tail = Bytes::from(format!("\r\n--{boundary}--\r\n"));
        let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"))
            .map_err(|_| CallError::Request("the boundary is no header"))?;
        let around = u64::try_from(head.len().saturating_add(tail.len())).unwrap_or(u64::MAX);
        let (source, length) = (file.source.clone(), file.length());
        let body = RequestBody::replayable(length.saturating_add(around), move || {
            Box::pin(FormBody::new(head.clone(), source.clone(), length, tail.clone()))
        });
        Request::post(format!("{}{}", self.base_url(), kind.template))
            .header(CONTENT_TYPE, content_type)
            .extension(kind.idempotency)
            .extension(SignedPayload(meta))
            .body(body)
            .map_err(|_| CallError::Request("the path is not a URL"))
    }
}

/// Everything before the bytes of the file. The name needs no quoting: see
/// [`MediaName`](wechatpay_core::api::media::MediaName).
fn head(boundary: &str, meta: &MediaMeta, text: &Bytes) -> Bytes {
    let name = meta.name();
    let before = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n"
    );
    let between = format!(
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
        name.as_str(),
        name.content_type()
    );
    [before.as_bytes(), text, between.as_bytes()].concat().into()
}

//! A request as it came off the wire.

use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderMap, Method, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Limited};

use crate::{gateway::multipart, language::Language};

/// The largest documented body, an order with thousands of goods, stays below this.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// The largest file has 7.5 MB, and a form around it.
const MAX_UPLOAD: usize = 8 * 1024 * 1024;

/// Method, path and query, headers and body, exactly as sent.
///
/// All of it may be signed.
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Signed part of the body: all of it, or the part `meta` of an upload.
    pub(crate) signed: Bytes,
    /// The body is a form with a file.
    pub(crate) is_upload: bool,
}

/// The body was too large or broke off.
pub(crate) struct Unread;

impl Received {
    pub(crate) async fn read(request: Request, is_upload: bool) -> (Self, Result<(), Unread>) {
        let (parts, body) = request.into_parts();
        let target = parts
            .uri
            .path_and_query()
            .map_or_else(|| parts.uri.path().to_owned(), ToString::to_string);
        let limit = if is_upload { MAX_UPLOAD } else { MAX_BODY };
        let (body, outcome) = match Limited::new(body, limit).collect().await {
            // A copy, because the request is kept and the original would keep its read buffer.
            Ok(body) => (Bytes::copy_from_slice(&body.to_bytes()), Ok(())),
            Err(_) => (Bytes::new(), Err(Unread)),
        };
        let signed = if is_upload {
            meta(&parts.headers, &body).unwrap_or_default()
        } else {
            body.clone()
        };
        let received = Self {
            signed,
            method: parts.method,
            target,
            headers: parts.headers,
            body,
            is_upload,
        };
        (received, outcome)
    }

    /// Language that the client asks for, else English.
    pub(super) fn language(&self) -> Language {
        Language::of_browser(&self.headers).unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Returns true for a form, because any upload is signed by its part `meta`.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(multipart::is_form)
}

/// The text of the part `meta`.
fn meta(headers: &HeaderMap, body: &Bytes) -> Option<Bytes> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let parts = multipart::parts(content_type, body)?;
    parts
        .into_iter()
        .find(|part| part.name == "meta")
        .map(|part| part.content)
}

//! A request as it came off the wire.

use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt as _, Limited};

/// The largest documented body, an order with thousands of goods, stays below this.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// Method, path and query, headers, body: all exactly as sent, because all of it may be signed.
pub(crate) struct Received {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// The body was too large or broke off.
pub(crate) struct Unread;

impl Received {
    pub(crate) async fn read(request: Request) -> (Self, Result<(), Unread>) {
        let (parts, body) = request.into_parts();
        let target = parts
            .uri
            .path_and_query()
            .map_or_else(|| parts.uri.path().to_owned(), ToString::to_string);
        let (body, outcome) = match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => (body.to_bytes(), Ok(())),
            Err(_) => (Bytes::new(), Err(Unread)),
        };
        let received = Self {
            method: parts.method,
            target,
            headers: parts.headers,
            body,
        };
        (received, outcome)
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

//! Replies of the shop, before a framework converts them.

use bytes::Bytes;
use serde::Serialize;

/// Status, headers and body of a response, which a framework only copies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a reply must be returned to the caller"]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case and values in visible ASCII, the content type among them.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

/// The JSON of every error.
#[derive(Serialize)]
struct ErrorBody<'a> {
    code: &'a str,
    message: &'a str,
}

impl Reply {
    /// A body of this content type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }

    /// A value as JSON, not to be cached: it is the state of this moment.
    pub fn json(status: u16, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::new(status, "application/json", body).header("cache-control", "no-store"),
            Err(_) => Self::new(
                500,
                "application/json",
                r#"{"code":"INTERNAL","message":"not serialisable"}"#,
            ),
        }
    }

    /// An error: `{"code","message"}`.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &ErrorBody { code, message })
    }

    /// A path that the shop does not have.
    pub fn no_such_route() -> Self {
        Self::error(404, "NOT_FOUND", "there is no such page")
    }

    /// A path that the shop has for other methods.
    pub fn method_not_allowed() -> Self {
        Self::error(405, "METHOD_NOT_ALLOWED", "this path does not take that method")
    }

    /// A body that the framework could not read: too long, or broken off.
    pub fn unreadable(status: u16) -> Self {
        if status == 413 {
            Self::error(413, "BODY_TOO_LARGE", "the body is too long")
        } else {
            Self::error(400, "BODY_UNREADABLE", "the body could not be read")
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_code_and_message() {
        let reply = Reply::error(400, "PARAM_ERROR", "total: \"x\"");
        assert_eq!(reply.status, 400);
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            body,
            serde_json::json!({"code": "PARAM_ERROR", "message": "total: \"x\""})
        );
    }
}

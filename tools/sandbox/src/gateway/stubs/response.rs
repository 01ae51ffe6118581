//! Responses of a stub.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::Value;

use super::{FieldPath, StubError};
use crate::language::Text;

/// Headers that the server sets.
const OF_THE_SERVER: [&str; 4] = ["connection", "content-length", "keep-alive", "transfer-encoding"];

/// A response of a stub.
///
/// It is signed, as any response of the platform, but for a [file](Self::file) and status 401.
#[derive(Clone)]
#[must_use]
pub struct StubResponse {
    status: u16,
    body: Body,
    headers: Vec<(String, String)>,
    sensitive: Vec<String>,
}

#[derive(Clone)]
enum Body {
    Empty,
    Json(Value),
    File { content_type: String, content: Bytes },
}

/// A response that can be sent, but for its sensitive fields.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: PreparedBody,
    pub(crate) sensitive: Vec<FieldPath>,
}

#[derive(Clone, Debug)]
pub(crate) enum PreparedBody {
    Json(Value),
    /// The bytes of a file, or none.
    Bytes(Bytes),
}

impl StubResponse {
    /// JSON.
    pub fn json(status: u16, body: Value) -> Self {
        Self {
            body: Body::Json(body),
            ..Self::from(status)
        }
    }

    /// A file (200), unsigned.
    ///
    /// The platform signs neither pictures of complaints nor files behind a `download_url`.
    pub fn file(content_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self {
            body: Body::File {
                content_type: content_type.into(),
                content: content.into(),
            },
            ..Self::from(200)
        }
    }

    /// Adds a header.
    ///
    /// The sandbox sets those of the signature itself; a [`Fault`](crate::Fault) spoils them.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Encrypts a text of the JSON body to the merchant's certificate, like personal data.
    ///
    /// `user_name`, or `data/*/payer_phone` in each entry of a list. Write it in the clear.
    pub fn sensitive(mut self, field: impl Into<String>) -> Self {
        self.sensitive.push(field.into());
        self
    }

    pub(crate) fn prepare(&self) -> Result<Prepared, StubError> {
        let status = StatusCode::from_u16(self.status)
            .ok()
            .filter(|status| (200..600).contains(&status.as_u16()))
            .ok_or(StubError::Status(self.status))?;
        let has_body = !matches!(self.body, Body::Empty);
        if has_body && matches!(self.status, 204 | 205 | 304) {
            return Err(StubError::Body(self.status));
        }
        let mut headers = HeaderMap::new();
        let body = match &self.body {
            Body::Empty => PreparedBody::Bytes(Bytes::new()),
            Body::Json(json) => {
                put(
                    &mut headers,
                    CONTENT_TYPE.as_str(),
                    "application/json; charset=utf-8",
                )?;
                PreparedBody::Json(json.clone())
            }
            Body::File {
                content_type,
                content,
            } => {
                put(&mut headers, CONTENT_TYPE.as_str(), content_type)?;
                PreparedBody::Bytes(content.clone())
            }
        };
        for (name, value) in &self.headers {
            put(&mut headers, name, value)?;
        }
        let sensitive = self
            .sensitive
            .iter()
            .map(|text| self.sensitive_field(text))
            .collect::<Result<_, _>>()?;
        Ok(Prepared {
            status,
            headers,
            body,
            sensitive,
        })
    }

    /// Checks a response that stays the same: its sensitive fields must be there.
    pub(crate) fn check(&self) -> Result<(), StubError> {
        let prepared = self.prepare()?;
        let PreparedBody::Json(mut json) = prepared.body else {
            return Ok(());
        };
        for field in &prepared.sensitive {
            let mut found = false;
            field.visit(&mut json, &mut |_, _| {
                found = true;
                Ok(())
            })?;
            if !found {
                return Err(StubError::NoField(field.to_string()));
            }
        }
        Ok(())
    }

    fn sensitive_field(&self, text: &str) -> Result<FieldPath, StubError> {
        let field = FieldPath::parse(text)?;
        let no_field = || StubError::NoField(text.to_owned());
        let Body::Json(json) = &self.body else {
            return Err(no_field());
        };
        field.visit(&mut json.clone(), &mut |_, value| {
            value.as_str().map(drop).ok_or_else(no_field)
        })?;
        Ok(field)
    }
}

impl From<u16> for StubResponse {
    /// No body.
    fn from(status: u16) -> Self {
        Self {
            status,
            body: Body::Empty,
            headers: Vec::new(),
            sensitive: Vec::new(),
        }
    }
}

impl From<StatusCode> for StubResponse {
    /// No body.
    fn from(status: StatusCode) -> Self {
        status.as_u16().into()
    }
}

impl fmt::Debug for StubResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StubResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Prepared {
    pub(crate) fn is_file(&self) -> bool {
        matches!(&self.body, PreparedBody::Bytes(bytes) if !bytes.is_empty())
    }
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), StubError> {
    let bad = |problem| StubError::Header {
        name: name.to_owned(),
        problem,
    };
    let header = name
        .parse::<HeaderName>()
        .map_err(|_| bad(Text::new("it is not the name of a header", "不是应答头的名称")))?;
    if header.as_str().starts_with("wechatpay-") || header == "request-id" {
        return Err(bad(Text::new(
            "the sandbox signs; a fault spoils a signature",
            "由沙箱签名；要破坏签名请用故障",
        )));
    }
    if OF_THE_SERVER.contains(&header.as_str()) {
        return Err(bad(Text::new("the server sets it", "由服务器设置")));
    }
    let value = HeaderValue::from_str(value)
        .map_err(|_| bad(Text::new("its value is not one line of text", "其值不是一行文本")))?;
    headers.insert(header, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_sent_is_refused() {
        let header = |name: &str, value: &str| StubResponse::from(200).header(name, value);
        for (response, words) in [
            (StubResponse::from(100), "100 is not the status"),
            (StubResponse::from(600), "600 is not the status"),
            (StubResponse::json(204, json!({})), "status 204 has no body"),
            (header("a b", "c"), "not the name"),
            (header("a", "c\r\nd: e"), "not one line"),
            (header("Wechatpay-Signature", "x"), "the sandbox signs"),
            (header("Content-Length", "1"), "the server sets it"),
            (StubResponse::file("image/\npng", "x"), "not one line"),
            (
                StubResponse::json(200, json!({ "a": 1 })).sensitive("a"),
                "no text at `a`",
            ),
            (
                StubResponse::json(200, json!({})).sensitive("a"),
                "no text at `a`",
            ),
            (StubResponse::from(204).sensitive("a"), "no text at `a`"),
            (
                StubResponse::json(200, json!({})).sensitive("a/"),
                "not the path of a field",
            ),
        ] {
            let error = response.check().unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let good = StubResponse::json(202, json!({ "data": [{ "phone": "1" }] }))
            .sensitive("data/*/phone")
            .header("retry-after", "1");
        good.check().unwrap();
    }
}

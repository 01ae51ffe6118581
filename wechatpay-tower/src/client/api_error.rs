//! A refusal of the platform.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use wechatpay_core::api::{ErrorBody, RequestId};

/// How much of a body that is no JSON is kept for a person to look at.
const SNIPPET: usize = 1024;

/// The platform, or a gateway in front of it, refused the request.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    body: ErrorBody,
    request_id: Option<RequestId>,
    authentic: bool,
    snippet: Option<String>,
}

impl ApiError {
    pub(super) fn new(
        status: StatusCode,
        request_id: Option<RequestId>,
        authentic: bool,
        bytes: &Bytes,
    ) -> Self {
        match serde_json::from_slice::<ErrorBody>(bytes) {
            Ok(body) => Self {
                status,
                body,
                request_id,
                authentic,
                snippet: None,
            },
            // A gateway's page, or nothing at all.
            Err(_) => {
                let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(SNIPPET)).unwrap_or_default());
                Self {
                    status,
                    body: ErrorBody::default(),
                    request_id,
                    authentic,
                    snippet: Some(text.into_owned()),
                }
            }
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Code, message and detail. All empty when the body was none of the platform's.
    #[must_use]
    pub fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// The code as it was spelled; compare with [`is`](Self::is).
    #[must_use]
    pub fn code(&self) -> &str {
        &self.body.code
    }

    /// Whether the code is this one, in either spelling.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.body.is(code)
    }

    /// The `Request-ID`. Name it when you ask the platform's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    /// Whether the refusal was signed and verified. An unsigned one may come from anybody on the way: never let it decide
    /// about money.
    #[must_use]
    pub fn is_authentic(&self) -> bool {
        self.authentic
    }

    /// The beginning of a body that was no JSON.
    #[must_use]
    pub fn snippet(&self) -> Option<&str> {
        self.snippet.as_deref()
    }

    /// Whether the same request may succeed later: throttled, overloaded, not finished or not ready. Writes are repeated with
    /// the same business number only. A 500 is not always one to repeat.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.status.as_u16() {
            429 | 502 | 503 | 504 => true,
            500 => !self.is("INVALID_TRANSACTIONID") && !self.is("OPENID_MISMATCH"),
            // Accepted and not finished.
            202 => self.code().is_empty() || self.is("USERPAYING"),
            // A bill that is still being made.
            400 => self.is("STATEMENT_CREATING"),
            _ => false,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with {}", self.status.as_u16())?;
        if !self.body.code.is_empty() {
            write!(f, " {}: {}", self.body.code, self.body.message)?;
        }
        if let Some(field) = self.body.field() {
            write!(f, " (field {field})")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " [Request-ID {id}")?;
            if let Some(meaning) = id
                .gateway_code()
                .and_then(wechatpay_core::api::GatewayCode::meaning)
            {
                write!(f, ": {meaning}")?;
            }
            f.write_str("]")?;
        }
        if !self.authentic {
            f.write_str(" (unsigned)")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("body", &self.body)
            .field("request_id", &self.request_id)
            .field("authentic", &self.authentic)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of status classes (protocol of API v3, errors).
    #[test]
    fn what_may_succeed_later_is_told_by_status_and_code() {
        for (status, code, retryable) in [
            (202, "USERPAYING", true),
            (202, "", true),
            (400, "PARAM_ERROR", false),
            (400, "STATEMENT_CREATING", true),
            (400, "NO_STATEMENT_EXIST", false),
            (401, "SIGN_ERROR", false),
            (403, "NO_AUTH", false),
            (403, "NOT_ENOUGH", false),
            (404, "ORDER_NOT_EXIST", false),
            (429, "FREQUENCY_LIMITED", true),
            (429, "RATELIMIT_EXCEEDED", true),
            (500, "SYSTEM_ERROR", true),
            (500, "BANKERROR", true),
            (500, "", true),
            (500, "INVALID_TRANSACTIONID", false),
            (500, "OPENID_MISMATCH", false),
            (502, "", true),
            (503, "SERVICE_UNAVAILABLE", true),
            (504, "", true),
        ] {
            let body = format!(r#"{{"code":"{code}","message":"x"}}"#).into();
            let status = StatusCode::from_u16(status).unwrap();
            let error = ApiError::new(status, None, true, &body);
            assert_eq!(error.is_retryable(), retryable, "{error}");
        }
    }
}

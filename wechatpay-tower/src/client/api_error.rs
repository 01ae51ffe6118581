//! Error responses of the platform.

use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use wechatpay_core::{
    api::{ErrorBody, GatewayCode, RequestId},
    verify::Verified,
};

/// Error response of the platform or of a gateway in front of it.
///
/// A 202 is one too if the endpoint does not expect it: the request was accepted and is not finished.
///
/// `Display` writes one line for a log: status, code, message, field, issue and `Request-ID`, and for a gateway on
/// loopback the sandbox's hint.
#[derive(Clone)]
pub struct ApiError {
    status: StatusCode,
    body: ErrorBody,
    request_id: Option<RequestId>,
    proof: Option<Verified<Bytes>>,
    hint: Option<String>,
}

impl ApiError {
    pub(super) fn new(
        status: StatusCode,
        request_id: Option<RequestId>,
        proof: Option<Verified<Bytes>>,
        bytes: &[u8],
    ) -> Self {
        // A response that is not a refusal may contain a payer's data: it is accessible, but not displayed.
        let body = if status.is_success() {
            serde_json::from_slice(bytes).unwrap_or_default()
        } else {
            ErrorBody::read(bytes)
        };
        Self {
            status,
            body,
            request_id,
            proof,
            hint: None,
        }
    }

    /// Keeps the sandbox's hint.
    ///
    /// Only for gateways on loopback: any other sender could put a false hint there.
    pub(super) fn with_hint(mut self) -> Self {
        self.hint = self.body.sandbox_hint();
        self
    }

    /// Returns the HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns code, message and detail, as far as the body has them.
    #[must_use]
    pub fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// Returns the code as it was spelled; compare it with [`is`](Self::is).
    #[must_use]
    pub fn code(&self) -> &str {
        &self.body.code
    }

    /// Returns `true` for this code, in either spelling.
    #[must_use]
    pub fn is(&self, code: &str) -> bool {
        self.body.is(code)
    }

    /// Returns the `Request-ID`, which the platform's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    /// Returns `true` if the response was signed and verified.
    ///
    /// An unsigned one may come from anybody on the way: never let it decide about money.
    #[must_use]
    pub fn is_authentic(&self) -> bool {
        self.proof.is_some()
    }

    /// Returns the response with its proof, if it was signed and verified.
    ///
    /// A 202 may have a body of its own; read it with [`json`](Verified::json).
    #[must_use]
    pub fn verified_body(&self) -> Option<&Verified<Bytes>> {
        self.proof.as_ref()
    }

    /// Returns the start of a body without a code.
    ///
    /// Such a body is a gateway's page, or JSON of another form.
    #[must_use]
    pub fn snippet(&self) -> Option<&str> {
        self.body.snippet()
    }

    /// Returns `true` if the same request may succeed later.
    ///
    /// It was throttled, the platform is overloaded, or something is not finished or not ready. Repeat a write with
    /// the same business number only. Some 500s do not pass by themselves.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.status.as_u16() {
            429 | 502 | 503 | 504 => true,
            500 => !self.is("INVALID_TRANSACTIONID") && !self.is("OPENID_MISMATCH"),
            // Accepted and not finished.
            202 => self.code().is_empty() || self.is("USERPAYING"),
            // The bill is not ready yet.
            400 => self.is("STATEMENT_CREATING"),
            _ => false,
        }
    }
}

impl ApiError {
    /// Writes everything that is known, starting with the status.
    pub(super) fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        let body = self.body.to_string();
        if !body.is_empty() {
            let between = if self.code().is_empty() { ": " } else { " " };
            write!(f, "{between}{body}")?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " [Request-ID {id}")?;
            if let Some(meaning) = id.gateway_code().and_then(GatewayCode::meaning) {
                write!(f, ": {meaning}")?;
            }
            f.write_str("]")?;
        }
        if !self.is_authentic() {
            f.write_str(" (unsigned)")?;
        }
        match &self.hint {
            Some(hint) => write!(f, "; the sandbox says: {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused with ")?;
        self.describe(f)
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("body", &self.body)
            .field("request_id", &self.request_id)
            .field("authentic", &self.is_authentic())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of status classes (protocol of API v3, errors).
    #[test]
    fn status_and_code_decide_whether_a_repeat_may_succeed() {
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
            let body = format!(r#"{{"code":"{code}","message":"x"}}"#);
            let status = StatusCode::from_u16(status).unwrap();
            let error = ApiError::new(status, None, None, body.as_bytes());
            assert_eq!(error.is_retryable(), retryable, "{error}");
        }
    }
}

//! Why a call was not carried out.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use utoipa::{ToResponse, ToSchema};

use super::extract::Json;

/// Not done, and why.
#[derive(Debug, Serialize, ToSchema, ToResponse)]
#[response(description = "Not done, and why")]
pub(super) struct Problem {
    #[serde(skip)]
    status: StatusCode,
    error: Reason,
}

#[derive(Debug, Serialize, ToSchema)]
struct Reason {
    /// For programs: `no-such-order`, `bad-request`, `conflict` and so on.
    code: String,
    /// For people.
    message: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            status,
            error: Reason {
                code: code.into(),
                message: text.into(),
            },
        }
    }

    pub(super) fn not_found(what: &str, text: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("no-such-{what}"), text)
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that it fits map_err")]
    pub(super) fn bad(text: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", text.to_string())
    }

    /// The request conflicts with the current state.
    #[expect(clippy::needless_pass_by_value, reason = "so that it fits map_err")]
    pub(super) fn conflict(text: impl ToString) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", text.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status;
        (status, Json(self)).into_response()
    }
}

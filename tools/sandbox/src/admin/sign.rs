//! The sign lab, for programs.

use axum::extract::State;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{Problem, Reply, Sandbox, read, reply};
use crate::lab::{self, Paste};

/// Explains a signature that does not verify. Nothing of the input is kept or logged.
pub(super) async fn explain(State(engine): Sandbox, headers: HeaderMap, body: Bytes) -> Reply {
    let paste: Paste = read(&headers, &body)?;
    match lab::explain(&engine, paste).await {
        Ok(opinion) => Ok(reply(&opinion.json())),
        Err(unclear) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "unclear",
            format!("{}: {}", unclear.field, unclear.text.en),
        )),
    }
}

//! The sign lab, for programs.

use axum::extract::State;
use http::StatusCode;

use super::{Json, Problem, Reply, Sandbox};
use crate::lab::{self, Explanation, Paste};

/// Explains a signature that does not verify. Nothing of the input is kept or logged.
#[utoipa::path(
    post,
    path = "/sign/explain",
    responses((
        status = 200,
        description = "The doctor's report, the message that should have been signed, and the comparison",
        body = Explanation
    ))
)]
pub(super) async fn explain(State(engine): Sandbox, Json(paste): Json<Paste>) -> Reply<Explanation> {
    match lab::explain(&engine, paste).await {
        Ok(opinion) => Ok(Json(opinion.explanation())),
        Err(unclear) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "unclear",
            format!("{}: {}", unclear.field, unclear.text.en),
        )),
    }
}

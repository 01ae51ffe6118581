//! Store errors that an operator can put right.

use wechatpay_core::{BoxError, idempotency::StoreError};

/// Problem, its remedy and the server's own message.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Problem {
    text: &'static str,
    source: BoxError,
}

/// Makes an error of a store that is unavailable until somebody acts.
pub(crate) fn unavailable(text: &'static str, source: impl Into<BoxError>) -> StoreError {
    StoreError::unavailable(Problem {
        text,
        source: source.into(),
    })
}

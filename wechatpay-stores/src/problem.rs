//! Reasons that an operator can do something about.

use wechatpay_core::{BoxError, idempotency::StoreError};

/// What is wrong and what to do, and the server's own words.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Problem {
    text: &'static str,
    source: BoxError,
}

/// A store that is not available until somebody puts something right.
pub(crate) fn unavailable(text: &'static str, source: impl Into<BoxError>) -> StoreError {
    StoreError::unavailable(Problem {
        text,
        source: source.into(),
    })
}

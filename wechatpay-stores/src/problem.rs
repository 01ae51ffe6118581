//! Store errors that an operator can put right.

use std::borrow::Cow;

use wechatpay_core::{BoxError, idempotency::StoreError};

/// Problem, its remedy and the server's own message.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Problem {
    text: Cow<'static, str>,
    source: BoxError,
}

/// Makes an error of a store that is unavailable until somebody acts.
pub(crate) fn unavailable(text: impl Into<Cow<'static, str>>, source: impl Into<BoxError>) -> StoreError {
    StoreError::unavailable(Problem {
        text: text.into(),
        source: source.into(),
    })
}

//! Decision whether a failed request may be sent again, by the table of [the module](super).
//!
//! It has no state and no clock.

use wechatpay_core::api::Idempotency;

use crate::{
    Error,
    client::{CallError, UnknownCause},
};

/// Length of the pause before a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// After a normal pause.
    Soon,
    /// After a longer pause: the platform throttled the request.
    Slowly,
}

/// Returns the pause before a retry; `None` if the request must not be sent again.
pub(super) fn decide(idempotency: Idempotency, error: &CallError) -> Option<Repeat> {
    match error {
        // For every request: it was not sent.
        CallError::NotSent { source, .. } => source.is_unreachable().then_some(Repeat::Soon),
        _ if idempotency == Idempotency::No => None,
        CallError::Api { error, template, .. } => match error.status().as_u16() {
            429 if idempotency == Idempotency::ByNumber && is_refund(template) => None,
            429 => Some(Repeat::Slowly),
            500 | 502..=504 => error.is_retryable().then_some(Repeat::Soon),
            _ => None,
        },
        CallError::Read { cause, .. } | CallError::OutcomeUnknown { cause, .. } => {
            may_pass(cause).then_some(Repeat::Soon)
        }
        CallError::Request(_) | CallError::Encrypt(_) => None,
    }
}

/// Returns `true` if another host may do better.
///
/// The connection broke, or a gateway in front of the platform failed.
pub(super) fn suspects_host(error: &CallError) -> bool {
    match error {
        CallError::Api { error, .. } => matches!(error.status().as_u16(), 502..=504),
        CallError::Read { cause, .. } | CallError::OutcomeUnknown { cause, .. } => matches!(
            cause,
            UnknownCause::Layer(Error::Service(_) | Error::ResponseBody(_))
        ),
        CallError::NotSent { .. } | CallError::Request(_) | CallError::Encrypt(_) => false,
    }
}

/// Returns `true` for refunds, which may have been accepted in spite of a 429.
///
/// Their state must be queried before they are sent again (refund pages, 429).
fn is_refund(template: &str) -> bool {
    template.contains("/refunds")
}

/// Returns `true` if the next response may be usable.
fn may_pass(cause: &UnknownCause) -> bool {
    match cause {
        UnknownCause::Timeout(_) | UnknownCause::OtherRequest(_) => true,
        UnknownCause::Layer(error) => {
            matches!(
                error,
                Error::Verify(_) | Error::ResponseBody(_) | Error::Service(_)
            )
        }
        // These do not change with time.
        UnknownCause::Malformed(_) | UnknownCause::NoProof => false,
    }
}

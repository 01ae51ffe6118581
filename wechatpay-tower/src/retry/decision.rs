//! Whether one failure may be answered with the same request. No state, no clock: the table of [the module](super).

use wechatpay_core::api::Idempotency;

use crate::{
    Error,
    client::{CallError, UnknownCause},
};

/// How soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// After a pause.
    Soon,
    /// After a longer one: the platform asked for it.
    Slowly,
}

/// `None`: never.
pub(super) fn decide(idempotency: Idempotency, error: &CallError) -> Option<Repeat> {
    match error {
        // Whatever the request is: nobody has seen it.
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

/// Whether another host may do better: the connection broke, or a gateway in front of the platform apologised.
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

/// A throttled refund may have been accepted (refund pages, 429): its state must be queried before it is sent again.
fn is_refund(template: &str) -> bool {
    template.contains("/refunds")
}

/// Whether the next response may be a better one.
fn may_pass(cause: &UnknownCause) -> bool {
    match cause {
        UnknownCause::Timeout(_) | UnknownCause::OtherRequest(_) => true,
        UnknownCause::Layer(error) => {
            matches!(
                error,
                Error::Verify(_) | Error::ResponseBody(_) | Error::Service(_)
            )
        }
        // These are how the platform or the transport is, not how it was just now.
        UnknownCause::Malformed(_) | UnknownCause::NoProof => false,
    }
}

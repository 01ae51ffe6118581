//! Idempotent handling with the response types of a framework.

use std::sync::Arc;

use super::{HandlerContext, IdempotencyError, IdempotencyStore, Limits, handle};
use crate::notify::{Ack, Nack, VerifiedNotification};

/// Runs `handler` once per notification and returns the response for the platform.
///
/// `A` and `R` are the acknowledgement and refusal types of your framework. A notification that was handled before is
/// acknowledged without the handler. A handler that fails releases the lease, and its refusal is returned. Any other error is
/// refused as [`IdempotencyError::refusal`] says.
///
/// # Errors
/// The refusal.
///
/// # Cancel safety
/// Dropping the future releases the lease.
pub async fn idempotent<A, R, F>(
    store: &Arc<dyn IdempotencyStore>,
    notification: &VerifiedNotification,
    limits: &Limits,
    handler: impl FnOnce(HandlerContext) -> F,
) -> Result<A, R>
where
    A: From<Ack>,
    R: From<Nack>,
    F: Future<Output = Result<(), R>>,
{
    match handle(store, notification, limits, handler).await {
        Ok(_) => Ok(Ack.into()),
        Err(IdempotencyError::Handler(refusal)) => Err(refusal),
        Err(error) => {
            tracing::debug!(target: "wechatpay::idempotency", code = error.code(), id = notification.id(), "not handled now");
            Err(error.nack().into())
        }
    }
}

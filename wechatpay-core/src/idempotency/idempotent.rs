//! Idempotent handling with the response types of a framework.

use std::sync::Arc;

use super::{HandlerContext, IdempotencyError, IdempotencyStore, Limits, handle};
use crate::notify::{Ack, Nack, VerifiedNotification};

/// Runs `handler` once per event and returns the response for the platform.
///
/// `A` and `R` are the `Ack` and `Nack` types of your framework. An event that was handled before is acknowledged
/// without the handler. A handler that fails releases the lease, and its error is returned. Any other error becomes the
/// [`Nack`] of [`IdempotencyError::nack`].
///
/// # Errors
/// Returns the error of the handler, or the [`Nack`] of any other failure.
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
            tracing::debug!(target: "wechatpay::idempotency", code = error.code(), id = notification.id(), "a notification was not handled");
            Err(error.nack().into())
        }
    }
}

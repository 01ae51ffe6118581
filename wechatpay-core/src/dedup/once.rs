//! Handling a notification once, with answers of any framework.

use std::sync::Arc;

use super::{HandlerContext, NotificationStore, ProcessError, ProcessOptions, process};
use crate::notify::{Ack, Refusal, VerifiedNotification};

/// Claims the notification, runs `handler`, marks it as done, and gives the answer for the platform, in the types of whatever
/// framework it is returned to.
///
/// A repeat is acknowledged without the handler. A handler that fails gives the claim back and refuses as it says; everything
/// else that goes wrong is refused as [`ProcessError::refusal`] says.
///
/// # Errors
/// The refusal.
///
/// # Cancel safety
/// Dropping the future gives the claim back.
pub async fn handle_once<A, R, F>(
    store: &Arc<dyn NotificationStore>,
    notification: &VerifiedNotification,
    options: &ProcessOptions,
    handler: impl FnOnce(HandlerContext) -> F,
) -> Result<A, R>
where
    A: From<Ack>,
    R: From<Refusal>,
    F: Future<Output = Result<(), R>>,
{
    match process(store, notification, options, handler).await {
        Ok(_) => Ok(Ack.into()),
        Err(ProcessError::Handler(refusal)) => Err(refusal),
        Err(error) => {
            tracing::debug!(target: "wechatpay::dedup", code = error.code(), id = notification.id(), "not handled now");
            Err(error.refusal().into())
        }
    }
}

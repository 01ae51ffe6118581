//! Handling with a lease: acquire, run, complete.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Begin, BeginRequest, Completion, Fence, HandlerContext, IdempotencyError, IdempotencyStore, Limits,
    NotificationKey, StoreError,
    run::{Outcome, after, keep_alive, run},
};
use crate::notify::VerifiedNotification;

/// Pause before a completion is retried.
const COMPLETE_AGAIN: Duration = Duration::from_millis(50);
/// Pause before a waiting copy checks again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Result of a notification that need not be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Handled<T> {
    /// The handler ran, and its completion is durable.
    Now {
        /// Value returned by the handler.
        value: T,
        /// Fence of the lease.
        fence: Fence,
        /// Number of the attempt.
        attempt: u32,
    },
    /// The notification was handled before, and the handler did not run.
    AlreadyDone,
}

/// Acquires the lease of a notification, runs `handler`, and completes before it returns.
///
/// The lease is renewed while the handler runs. If it is lost, the handler is dropped, and tasks that it spawned are
/// notified through the [context](HandlerContext). A handler that fails, panics or exceeds the deadline releases the
/// lease. The [module documentation](super) has an example.
///
/// # Errors
/// Returns an [`IdempotencyError`] for every result after which the notification must be sent again; see
/// [`IdempotencyError::nack`].
///
/// # Cancel safety
/// Dropping the future leaves the notification free, leased until the lease ends, or done. Inside a tokio runtime the
/// lease is released at once.
pub async fn handle<T, E, F>(
    store: &Arc<dyn IdempotencyStore>,
    notification: &VerifiedNotification,
    limits: &Limits,
    handler: impl FnOnce(HandlerContext) -> F,
) -> Result<Handled<T>, IdempotencyError<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let request =
        BeginRequest::of(notification, limits.get_lease(), limits).map_err(IdempotencyError::Begin)?;
    let end = after(limits.get_budget());
    let wait = after(limits.get_wait().unwrap_or_default()).min(end);
    let begun = begin(store.as_ref(), &request, wait, end)
        .await
        .map_err(IdempotencyError::Begin)?;
    let (fence, attempt) = match begun {
        Begin::Acquired { fence, attempt } => (fence, attempt),
        Begin::InProgress { remaining } => return Err(IdempotencyError::InProgress { remaining }),
        Begin::Done { .. } => return Ok(Handled::AlreadyDone),
        Begin::DigestMismatch => {
            tracing::error!(target: "wechatpay::idempotency", key = %request.key, "the id of a notification was used again for another payload");
            return Err(IdempotencyError::IdReused);
        }
    };
    let mut held = HeldLease {
        store: Arc::clone(store),
        key: request.key,
        fence,
        ended: false,
    };
    let allowed = limits.get_deadline().unwrap_or(Limits::DEADLINE);
    let deadline = after(allowed);
    let (context, signal) = HandlerContext::new(held.key.clone(), fence, attempt, deadline);
    let outcome = run(handler(context), deadline, held.keep_alive(limits.get_lease())).await;
    let error = match outcome {
        Outcome::Done(value) => {
            held.complete(limits.get_retention(), end).await?;
            return Ok(Handled::Now {
                value,
                fence,
                attempt,
            });
        }
        Outcome::Failed(error) => IdempotencyError::Handler(error),
        Outcome::Panicked => IdempotencyError::Panicked,
        Outcome::TimedOut => IdempotencyError::TimedOut(allowed),
        Outcome::Interrupted(()) => IdempotencyError::LeaseLost,
    };
    // Also for tasks that the handler spawned.
    signal.lose();
    if matches!(error, IdempotencyError::LeaseLost) {
        held.ended = true;
    } else {
        held.release(end).await;
    }
    Err(error)
}

/// Acquires the lease, and checks again until `wait` if a copy is in progress.
async fn begin(
    store: &dyn IdempotencyStore,
    request: &BeginRequest,
    wait: Instant,
    end: Instant,
) -> Result<Begin, StoreError> {
    loop {
        let begun = match timeout_at(end, store.begin(request)).await {
            Ok(begun) => begun?,
            Err(late) => return Err(StoreError::unavailable(late)),
        };
        if !matches!(begun, Begin::InProgress { .. }) || after(LOOK_AGAIN) >= wait {
            return Ok(begun);
        }
        sleep(LOOK_AGAIN).await;
    }
}

/// Lease that is released when it is dropped before it has ended.
struct HeldLease {
    store: Arc<dyn IdempotencyStore>,
    key: NotificationKey,
    fence: Fence,
    ended: bool,
}

impl HeldLease {
    /// Renews the lease until it is lost.
    async fn keep_alive(&self, lease: Duration) {
        keep_alive(lease, after(lease), || async {
            let renewed = self.store.renew(&self.key, self.fence, lease).await;
            renewed.inspect_err(|error| {
                tracing::warn!(target: "wechatpay::idempotency", key = %self.key, error = %error, "a lease could not be renewed");
            })
        })
        .await;
    }

    /// Marks the notification as done.
    ///
    /// Retried within the budget, because a response may be lost although the store has the mark.
    async fn complete<E>(&mut self, retention: Duration, end: Instant) -> Result<(), IdempotencyError<E>> {
        loop {
            let attempt = timeout_at(end, self.store.complete(&self.key, self.fence, retention)).await;
            let error = match attempt {
                Ok(Ok(Completion::Completed | Completion::AlreadyDone)) => {
                    self.ended = true;
                    return Ok(());
                }
                Ok(Ok(Completion::Lost)) => {
                    self.ended = true;
                    return Err(IdempotencyError::LeaseLost);
                }
                Ok(Err(error)) => error,
                Err(late) => StoreError::unavailable(late),
            };
            if after(COMPLETE_AGAIN) >= end {
                // The lease is not released: the mark may be there.
                self.ended = true;
                return Err(IdempotencyError::Complete(error));
            }
            sleep(COMPLETE_AGAIN).await;
        }
    }

    /// Releases the lease if time is left; otherwise it expires.
    async fn release(&mut self, end: Instant) {
        self.ended = true;
        match timeout_at(end, self.store.release(&self.key, self.fence)).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(target: "wechatpay::idempotency", key = %self.key, "a lease could not be released; it will expire");
            }
        }
    }
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // The request was dropped: the platform stopped waiting, or the server is shutting down.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (store, key, fence) = (Arc::clone(&self.store), self.key.clone(), self.fence);
            runtime.spawn(async move {
                let _ = store.release(&key, fence).await;
            });
        }
    }
}

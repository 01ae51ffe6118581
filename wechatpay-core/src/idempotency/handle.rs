//! Handling with a lease: acquire, run, complete.

use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep, timeout_at};

use super::{
    Begin, BeginRequest, Completion, Event, EventKey, Fence, HandlerContext, IdempotencyError,
    IdempotencyStore, Limits, StoreError,
    run::{Outcome, after, keep_alive, run},
};

/// Pause before a completion is retried.
const COMPLETE_AGAIN: Duration = Duration::from_millis(50);
/// Log line of a contradiction, for every store.
pub const CONTRADICTION: &str = "an event came with other facts than before, or a notification's id with another event: compare with the platform's records";
/// Pause before a waiting copy checks again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Result of an event that is handled.
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
    /// The event was handled before, and the handler did not run.
    AlreadyDone,
}

/// Acquires the lease of an event, runs `handler`, and completes before it returns.
///
/// `event` is an [`Event`] or a `&VerifiedNotification`.
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
    event: impl TryInto<Event, Error: Into<StoreError>>,
    limits: &Limits,
    handler: impl FnOnce(HandlerContext) -> F,
) -> Result<Handled<T>, IdempotencyError<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let event = event
        .try_into()
        .map_err(|error| IdempotencyError::Begin(error.into()))?;
    let request = BeginRequest::of(&event, limits.get_lease(), limits);
    let end = after(limits.get_budget());
    let wait = after(limits.get_wait().unwrap_or_default()).min(end);
    let begun = begin(store.as_ref(), &request, wait, end)
        .await
        .map_err(IdempotencyError::Begin)?;
    let (fence, attempt) = match begun {
        Begin::Acquired { fence, attempt } => (fence, attempt),
        Begin::InProgress { remaining } => return Err(IdempotencyError::InProgress { remaining }),
        Begin::Done { .. } => return Ok(Handled::AlreadyDone),
        Begin::Contradiction => {
            tracing::error!(target: "wechatpay::idempotency", key = %request.key, facts = &*request.facts, id = request.notification_id.as_deref(), "{CONTRADICTION}");
            return Err(IdempotencyError::Contradiction);
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
    let (context, signal) = HandlerContext::new(event, fence, attempt, deadline);
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
    key: EventKey,
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

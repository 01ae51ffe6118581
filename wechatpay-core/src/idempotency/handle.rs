//! Claim, handle, complete.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use http::StatusCode;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    Begin, BeginRequest, Completion, Fence, HandlerContext, IdempotencyStore, NotificationKey,
    PlaintextDigest, Renewal, StoreError, store::DEFAULT_RETENTION,
};
use crate::notify::{Refusal, VerifiedNotification};

/// The platform retries for 24 h 4 min; a repeat that comes after we forgot would be handled again.
const MIN_RETENTION: Duration = Duration::from_secs(48 * 3600);
/// Long against a hiccup, short against the platform's retries, of which the third comes after a minute.
const DEFAULT_LEASE: Duration = Duration::from_secs(30);
/// A lease that ends before it can be renewed excludes nobody.
const MIN_LEASE: Duration = Duration::from_secs(1);
/// The platform waits five seconds; this leaves time for the claim, the completion and the way back.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(3);
/// All of it must fit into the platform's five seconds.
const DEFAULT_BUDGET: Duration = Duration::from_millis(4500);
/// Pause before a completion is tried again.
const COMPLETE_AGAIN: Duration = Duration::from_millis(50);
/// Pause before a copy that waits looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Options of [`handle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    lease: Duration,
    deadline: Duration,
    budget: Duration,
    retention: Duration,
    wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lease: DEFAULT_LEASE,
            deadline: DEFAULT_DEADLINE,
            budget: DEFAULT_BUDGET,
            retention: DEFAULT_RETENTION,
            wait: Duration::ZERO,
        }
    }
}

impl Limits {
    /// Sets how long a claim is held; it is renewed at a third of it. Default 30 s; less than 1 s counts as 1 s.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(MIN_LEASE);
        self
    }

    /// Sets how long the handler may take. Default 3 s.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the time for everything, claim and completion included. Default 4.5 s.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Sets how long a handled notification is remembered. Default 7 days; less than 48 h counts as 48 h.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention.max(MIN_RETENTION);
        self
    }

    /// Sets how long a copy waits for one that is being handled. Default zero: it is told to come again at once.
    ///
    /// Most handlers are done after a moment, and the copy is then acknowledged instead of sent again. The time is part of
    /// the budget.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }
}

/// Result of handling a notification that need not be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Handled<T> {
    /// The handler ran now, and its completion is durable.
    Now {
        /// Value returned by the handler.
        value: T,
        /// Fence of the lease.
        fence: Fence,
        /// Number of the attempt.
        attempt: u32,
    },
    /// It was handled before; the handler did not run.
    AlreadyDone,
}

/// Reason why a notification is to be sent again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdempotencyError<E> {
    /// Somebody else is handling it.
    #[error("the notification is being handled by somebody else")]
    InProgress {
        /// How long at the most, unless the lease is renewed.
        remaining: Duration,
    },
    /// The store failed before the handler ran.
    #[error("the notification could not be claimed")]
    Begin(#[source] StoreError),
    /// The id was used again for another payload. Needs a human; the handler did not run.
    #[error("the id of the notification was used before for another payload")]
    IdReused,
    /// The handler failed. Its claim was given back.
    #[error("the handler failed")]
    Handler(E),
    /// The handler panicked. Its claim was given back.
    #[error("the handler panicked")]
    Panicked,
    /// The handler took too long and was given up. Its claim was given back.
    #[error("the handler took longer than {0:?}")]
    TimedOut(Duration),
    /// The lease was lost while the handler ran, which was given up; or the completion came too late.
    #[error("the lease was lost")]
    LeaseLost,
    /// The handler ran, and that it did could not be written down. It will run again.
    #[error("the notification was handled and could not be marked as done")]
    Complete(#[source] StoreError),
}

impl<E> IdempotencyError<E> {
    /// The refusal that makes the platform send again.
    pub fn refusal(&self) -> Refusal {
        match self {
            Self::InProgress { .. } => Refusal::in_progress(),
            Self::IdReused | Self::Handler(_) | Self::Panicked => Refusal::failed(),
            Self::Begin(_) | Self::TimedOut(_) | Self::LeaseLost | Self::Complete(_) => {
                Refusal::unavailable()
            }
        }
    }

    /// The status of the refusal.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.refusal().status()
    }

    /// A stable name of the kind, for metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InProgress { .. } => "in_progress",
            Self::Begin(_) => "store_unavailable",
            Self::IdReused => "id_reused",
            Self::Handler(_) => "handler_failed",
            Self::Panicked => "handler_panicked",
            Self::TimedOut(_) => "handler_timeout",
            Self::LeaseLost => "lease_lost",
            Self::Complete(_) => "complete_failed",
        }
    }
}

/// Handles a notification once: claims it, runs `handler`, and marks it as done before it returns.
///
/// While the handler runs its lease is renewed; when it is lost the handler is dropped, and what it spawned is told through
/// the [context](HandlerContext). A handler that fails, panics or takes too long gives the claim back.
///
/// # Errors
/// Everything that means "send again"; see [`IdempotencyError::refusal`].
///
/// # Cancel safety
/// Dropping the future leaves the notification unclaimed, claimed until its lease ends, or done. Inside a tokio runtime a
/// claim is given back at once.
pub async fn handle<T, E, F>(
    store: &Arc<dyn IdempotencyStore>,
    notification: &VerifiedNotification,
    limits: &Limits,
    handler: impl FnOnce(HandlerContext) -> F,
) -> Result<Handled<T>, IdempotencyError<E>>
where
    F: Future<Output = Result<T, E>>,
{
    let (key, digest) = identify(notification).map_err(IdempotencyError::Begin)?;
    let end = after(limits.budget);
    let request = BeginRequest::new(key, digest, notification.event_type().as_str(), limits.lease)
        .retention(limits.retention);
    let begun = begin(store.as_ref(), &request, after(limits.wait).min(end), end)
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
    let mut claim = Claim {
        store: Arc::clone(store),
        key: request.key,
        fence,
        ended: false,
    };
    let deadline = after(limits.deadline);
    let (context, signal) = HandlerContext::new(claim.key.clone(), fence, attempt, deadline);
    let outcome = run(&claim, limits, deadline, handler(context)).await;
    match outcome {
        Ok(value) => {
            complete(&mut claim, limits.retention, end).await?;
            Ok(Handled::Now {
                value,
                fence,
                attempt,
            })
        }
        Err(error) => {
            // Also for what the handler spawned and left behind.
            signal.lose();
            if matches!(error, IdempotencyError::LeaseLost) {
                claim.ended = true;
            } else {
                claim.release(end).await;
            }
            Err(error)
        }
    }
}

/// Claims, and looks again until `wait` whether a copy in progress is done.
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
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn identify(notification: &VerifiedNotification) -> Result<(NotificationKey, PlaintextDigest), StoreError> {
    let key = NotificationKey::of(notification).map_err(|_| StoreError::Corrupt("the id is no key"))?;
    let digest = notification
        .digest()
        .map_err(|_| StoreError::Corrupt("the resource is no JSON"))?;
    Ok((key, digest))
}

/// A moment from now; a duration beyond what the clock can count is as good as none.
fn after(duration: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(duration.min(FAR)).unwrap_or(now)
}

/// Polls the handler beside a heartbeat and its deadline.
async fn run<T, E>(
    claim: &Claim,
    limits: &Limits,
    deadline: Instant,
    handler: impl Future<Output = Result<T, E>>,
) -> Result<T, IdempotencyError<E>> {
    let mut handler = pin!(handler);
    let mut heartbeat = pin!(keep_alive(claim, limits.lease));
    let mut timer = pin!(sleep_until(deadline));
    poll_fn(|cx| {
        // The handler comes first: one that is done in time is done, whatever the heartbeat says.
        match catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(cx))) {
            Ok(Poll::Ready(Ok(value))) => return Poll::Ready(Ok(value)),
            Ok(Poll::Ready(Err(error))) => return Poll::Ready(Err(IdempotencyError::Handler(error))),
            Ok(Poll::Pending) => {}
            Err(_) => return Poll::Ready(Err(IdempotencyError::Panicked)),
        }
        if heartbeat.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(IdempotencyError::LeaseLost));
        }
        timer
            .as_mut()
            .poll(cx)
            .map(|()| Err(IdempotencyError::TimedOut(limits.deadline)))
    })
    .await
}

/// Renews at a third of the lease; ends when it is lost. A store that does not answer is asked again until the lease must
/// have ended by our own clock.
async fn keep_alive(claim: &Claim, lease: Duration) {
    let third = lease.checked_div(3).unwrap_or(lease);
    let mut held_until = after(lease);
    loop {
        tokio::time::sleep(third.min(held_until.saturating_duration_since(Instant::now()))).await;
        let asked = Instant::now();
        match timeout_at(held_until, claim.store.renew(&claim.key, claim.fence, lease)).await {
            Ok(Ok(Renewal::Renewed)) => held_until = asked.checked_add(lease).unwrap_or(asked),
            Ok(Ok(Renewal::Lost)) => return,
            Ok(Err(error)) => {
                tracing::warn!(target: "wechatpay::idempotency", key = %claim.key, error = %error, "a lease could not be renewed");
            }
            Err(_) => {}
        }
        if Instant::now() >= held_until {
            return;
        }
    }
}

/// Marks the claim as done, again and again within the budget: an answer may get lost and the mark be there.
async fn complete<E>(
    claim: &mut Claim,
    retention: Duration,
    end: Instant,
) -> Result<(), IdempotencyError<E>> {
    loop {
        let attempt = timeout_at(end, claim.store.complete(&claim.key, claim.fence, retention)).await;
        let error = match attempt {
            Ok(Ok(Completion::Completed | Completion::AlreadyDone)) => {
                claim.ended = true;
                return Ok(());
            }
            Ok(Ok(Completion::Lost)) => {
                claim.ended = true;
                return Err(IdempotencyError::LeaseLost);
            }
            Ok(Err(error)) => error,
            Err(late) => StoreError::unavailable(late),
        };
        if after(COMPLETE_AGAIN) >= end {
            // The claim is not given back: the mark may be there.
            claim.ended = true;
            return Err(IdempotencyError::Complete(error));
        }
        tokio::time::sleep(COMPLETE_AGAIN).await;
    }
}

/// A claim that is held, and given back when it is dropped without having ended.
struct Claim {
    store: Arc<dyn IdempotencyStore>,
    key: NotificationKey,
    fence: Fence,
    ended: bool,
}

impl Claim {
    /// Gives the claim back while there is time; otherwise its lease ends by itself.
    async fn release(&mut self, end: Instant) {
        self.ended = true;
        match timeout_at(end, self.store.release(&self.key, self.fence)).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => {
                tracing::warn!(target: "wechatpay::idempotency", key = %self.key, "a claim could not be given back; its lease will end");
            }
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // The request was dropped: the platform gave up waiting, or the server is going down.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (store, key, fence) = (Arc::clone(&self.store), self.key.clone(), self.fence);
            runtime.spawn(async move {
                let _ = store.release(&key, fence).await;
            });
        }
    }
}

//! Lease of a worker on a notification.

use std::time::Duration;

use tokio::time::Instant;
use wechatpay_core::idempotency::{
    EventKey, Fence, LeaseSignal, Renewal, StoreError,
    run::{after, keep_alive},
};

use super::SqlInbox;
use crate::sql::dialect::Dialect;

/// Pause before a completion is tried again.
const COMPLETE_AGAIN: Duration = Duration::from_millis(100);

/// Outcome of one attempt.
pub(super) enum Outcome {
    /// The handler succeeded. Outside a transaction the completion must still be stored.
    Handled,
    /// The notification is marked as done.
    Done,
    /// The attempt failed. The notification is retried or given up.
    Failed(String),
    /// The store failed in a transaction.
    ///
    /// Nothing happened, or the notification is done and only the response was lost.
    StoreFailed(StoreError),
    /// The lease was lost to another worker.
    Lost,
    /// The inbox stops now.
    Stopped,
}

/// Computes the end of a lease.
///
/// A lease beyond the range of the clock counts as ended: it is lost early, never late.
fn later(asked: Instant, lease: Duration) -> Instant {
    asked.checked_add(lease).unwrap_or(asked)
}

/// Lease on a notification, which is released when it is dropped before its end.
pub(super) struct Lease<D: Dialect> {
    inbox: SqlInbox<D>,
    pub(super) key: EventKey,
    pub(super) fence: Fence,
    /// Earliest end of the lease, by the local clock.
    held_until: Instant,
    ended: bool,
}

impl<D: Dialect> Lease<D> {
    /// Makes the lease that was asked for at `asked`: it cannot have begun earlier.
    pub(super) fn new(inbox: &SqlInbox<D>, key: &EventKey, fence: Fence, asked: Instant) -> Self {
        Self {
            inbox: inbox.clone(),
            key: key.clone(),
            fence,
            held_until: later(asked, inbox.options.limits.get_lease()),
            ended: false,
        }
    }

    /// Renews the lease until it is lost.
    pub(super) async fn keep_alive(&self) {
        keep_alive(self.inbox.options.limits.get_lease(), self.held_until, || async {
            match self.inbox.renew(&self.key, self.fence).await {
                Ok(true) => Ok(Renewal::Renewed),
                Ok(false) => Ok(Renewal::Lost),
                Err(error) => {
                    tracing::warn!(target: "wechatpay::stores", key = %self.key, error = %error, "a lease could not be renewed");
                    Err(error)
                }
            }
        })
        .await;
    }

    /// Stores the outcome of the attempt.
    pub(super) async fn end(&mut self, outcome: Outcome, attempt: u32, signal: &LeaseSignal) {
        if !matches!(outcome, Outcome::Handled | Outcome::Done) {
            // Tasks that the handler spawned learn of it too.
            signal.lose();
        }
        let written = match outcome {
            Outcome::Done | Outcome::Lost => Ok(()),
            Outcome::Handled => self.complete().await,
            Outcome::Failed(error) => {
                tracing::warn!(target: "wechatpay::stores", key = %self.key, attempt, "a handler failed");
                if attempt >= self.inbox.options.attempts {
                    tracing::error!(target: "wechatpay::stores", key = %self.key, attempt, "a notification was given up");
                }
                self.inbox.fail(&self.key, self.fence, attempt, &error).await
            }
            Outcome::StoreFailed(error) => Err(error),
            Outcome::Stopped => self.inbox.put_back(&self.key, self.fence).await.map(drop),
        };
        self.ended = true;
        if let Err(error) = written {
            tracing::warn!(
                target: "wechatpay::stores", key = %self.key, error = %error, cause = ?std::error::Error::source(&error),
                "the outcome of an attempt could not be stored; unless it is done, it is repeated when its lease ends"
            );
        }
    }

    /// Marks the notification as done, with retries for the length of one more lease.
    ///
    /// A response may get lost although the mark was stored.
    async fn complete(&self) -> Result<(), StoreError> {
        let end = after(self.inbox.options.limits.get_lease());
        loop {
            match self.inbox.complete(&self.key, self.fence).await {
                Ok(true) => return Ok(()),
                Ok(false) => {
                    tracing::warn!(
                        target: "wechatpay::stores", key = %self.key, fence = %self.fence,
                        "a completion was rejected: the lease or an earlier response was lost"
                    );
                    return Ok(());
                }
                Err(error) if after(COMPLETE_AGAIN) >= end => return Err(error),
                Err(_) => tokio::time::sleep(COMPLETE_AGAIN).await,
            }
        }
    }
}

impl<D: Dialect> Drop for Lease<D> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (inbox, key, fence) = (self.inbox.clone(), self.key.clone(), self.fence);
            runtime.spawn(async move {
                let _ = inbox.put_back(&key, fence).await;
            });
        }
    }
}

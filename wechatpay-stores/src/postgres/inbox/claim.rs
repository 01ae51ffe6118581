//! What a worker has in hand.

use std::time::Duration;

use tokio::time::Instant;
use wechatpay_core::idempotency::{
    Fence, LeaseSignal, NotificationKey, Renewal, StoreError,
    run::{after, keep_alive},
};

use super::{Inbox, rows::Held};

/// Pause before a completion is tried again.
const COMPLETE_AGAIN: Duration = Duration::from_millis(100);

/// How an attempt ended.
pub(super) enum Outcome {
    /// The handler did it; outside a transaction the mark is still to be made.
    Handled,
    /// It is marked as done.
    Done,
    /// It is to be tried again, or given up.
    Failed(String),
    /// The store failed, in a transaction: nothing happened, or it is done and only the response was lost.
    StoreFailed(StoreError),
    /// The lease is somebody else's.
    Lost,
    /// The inbox is to stop now.
    Stopped,
}

/// A lease beyond what the clock can count is as good as ended: it is lost early, never late.
fn later(asked: Instant, lease: Duration) -> Instant {
    asked.checked_add(lease).unwrap_or(asked)
}

/// What a worker has in hand; put back when it is dropped without having ended.
pub(super) struct Claim {
    inbox: Inbox,
    pub(super) key: NotificationKey,
    pub(super) fence: Fence,
    /// Until when the lease holds at least, by our own clock.
    held_until: Instant,
    ended: bool,
}

impl Claim {
    pub(super) fn new(inbox: &Inbox, held: &Held) -> Self {
        Self {
            inbox: inbox.clone(),
            key: held.notification.key().clone(),
            fence: held.fence,
            held_until: later(held.asked, inbox.options.limits.get_lease()),
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

    /// Writes down how the attempt ended.
    pub(super) async fn end(&mut self, outcome: Outcome, attempt: u32, signal: &LeaseSignal) {
        if !matches!(outcome, Outcome::Handled | Outcome::Done) {
            // Also for what the handler spawned and left behind.
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
                "how an attempt ended could not be written down; it is repeated when its lease ends, unless it is done"
            );
        }
    }

    /// Marks as done, again and again for another lease: a response may get lost and the mark be there.
    async fn complete(&self) -> Result<(), StoreError> {
        let end = after(self.inbox.options.limits.get_lease());
        loop {
            match self.inbox.complete(&self.key, self.fence).await {
                Ok(true) => return Ok(()),
                Ok(false) => {
                    tracing::warn!(
                        target: "wechatpay::stores", key = %self.key, fence = %self.fence,
                        "a completion was refused: the lease was lost, or an earlier response was"
                    );
                    return Ok(());
                }
                Err(error) if after(COMPLETE_AGAIN) >= end => return Err(error),
                Err(_) => tokio::time::sleep(COMPLETE_AGAIN).await,
            }
        }
    }
}

impl Drop for Claim {
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

//! What a handler is told about its claim.

use std::fmt;

use tokio::{sync::watch, time::Instant};

use super::{Fence, NotificationKey};

/// What a handler is told about its claim. Cheap to clone, for the tasks it spawns.
#[derive(Clone)]
pub struct HandlerContext {
    key: NotificationKey,
    fence: Fence,
    attempt: u32,
    deadline: Instant,
    lost: watch::Receiver<bool>,
}

/// The lease is gone; somebody else may be handling the notification now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the lease of the notification was lost")]
pub struct LeaseLost;

/// Tells a handler that its lease is lost. Dropping it says that the claim has ended.
#[derive(Debug)]
pub struct LeaseSignal(watch::Sender<bool>);

impl LeaseSignal {
    /// From now on [`HandlerContext::check`] fails.
    pub fn lose(&self) {
        // Also when nobody listens just now: the context may be asked later.
        self.0.send_replace(true);
    }
}

impl HandlerContext {
    /// A context for whoever runs handlers under claims of his own, as [`handle`](super::handle) does: an inbox, or a
    /// store that holds the claim in a transaction.
    #[must_use]
    pub fn new(key: NotificationKey, fence: Fence, attempt: u32, deadline: Instant) -> (Self, LeaseSignal) {
        let (signal, lost) = watch::channel(false);
        let context = Self {
            key,
            fence,
            attempt,
            deadline,
            lost,
        };
        (context, LeaseSignal(signal))
    }

    /// What is being handled.
    #[must_use]
    pub fn key(&self) -> &NotificationKey {
        &self.key
    }

    /// The number of this claim. Write it next to outside effects.
    #[must_use]
    pub fn fence(&self) -> Fence {
        self.fence
    }

    /// How often the notification was claimed, this time included.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// When the handler is given up.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Passes while the lease is held. Ask before each outside effect.
    ///
    /// # Errors
    /// [`LeaseLost`].
    pub fn check(&self) -> Result<(), LeaseLost> {
        if *self.lost.borrow() {
            Err(LeaseLost)
        } else {
            Ok(())
        }
    }

    /// Waits until the lease is lost, or for ever. For a task that the handler spawned and that must stop with it.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        // The other side gone means that the claim has ended, which for a spawned task is the same.
        let _ = lost.wait_for(|lost| *lost).await;
    }
}

impl fmt::Debug for HandlerContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerContext")
            .field("key", &self.key)
            .field("fence", &self.fence)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

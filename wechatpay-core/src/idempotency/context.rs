//! Context of a handler.

use std::fmt;

use tokio::{sync::watch, time::Instant};

use super::{Event, EventKey, Fence, Source};

/// Event, fence, attempt and deadline of a running handler.
///
/// Cheap to clone, for the tasks that the handler spawns.
#[derive(Clone)]
pub struct HandlerContext {
    event: Event,
    fence: Fence,
    attempt: u32,
    deadline: Instant,
    lost: watch::Receiver<bool>,
}

/// Error: the lease is lost, and another handler may hold it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the lease of the notification was lost")]
pub struct LeaseLost;

/// Signal that tells a handler that its lease is lost.
///
/// Dropping it signals that the lease has ended.
#[derive(Debug)]
pub struct LeaseSignal(watch::Sender<bool>);

impl LeaseSignal {
    /// Makes [`HandlerContext::check`] fail from now on.
    pub fn lose(&self) {
        // Also without a listener, because the context may be checked later.
        self.0.send_replace(true);
    }
}

impl HandlerContext {
    /// Creates a context, for a store that runs handlers in its own way.
    ///
    /// [`handle`](super::handle) does this for a lease; the inbox and the transaction of a store do it themselves.
    #[must_use]
    pub fn new(event: Event, fence: Fence, attempt: u32, deadline: Instant) -> (Self, LeaseSignal) {
        let (signal, lost) = watch::channel(false);
        let context = Self {
            event,
            fence,
            attempt,
            deadline,
            lost,
        };
        (context, LeaseSignal(signal))
    }

    /// Returns the event.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Returns the key of the event. Pass it as idempotency key to other services.
    #[must_use]
    pub fn key(&self) -> &EventKey {
        self.event.key()
    }

    /// Returns the source that reported the event first.
    #[must_use]
    pub fn source(&self) -> &Source {
        self.event.source()
    }

    /// Returns the fence of the lease. Store it next to outside effects.
    #[must_use]
    pub fn fence(&self) -> Fence {
        self.fence
    }

    /// Returns the number of this attempt, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Returns the time at which the handler is dropped.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Checks that the lease is still held. Call it before each outside effect.
    ///
    /// # Errors
    /// Returns [`LeaseLost`] if the lease is lost.
    pub fn check(&self) -> Result<(), LeaseLost> {
        if *self.lost.borrow() {
            Err(LeaseLost)
        } else {
            Ok(())
        }
    }

    /// Waits until the lease is lost or has ended.
    ///
    /// For a task that the handler spawned and that must stop with it.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        // A dropped sender means that the lease has ended, which a spawned task treats alike.
        let _ = lost.wait_for(|lost| *lost).await;
    }
}

impl fmt::Debug for HandlerContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerContext")
            .field("event", &self.event)
            .field("fence", &self.fence)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

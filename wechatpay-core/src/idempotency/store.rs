//! Contract of a store.

use std::{convert::Infallible, fmt, pin::Pin, time::Duration};

use super::{EventKey, Fence, InvalidKey, Limits};
use crate::BoxError;

/// Future of a store operation.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Store of the events that are being handled or done.
///
/// A store uses its own clock, so the clocks of the processes that share it do not matter. All operations are
/// cancel-safe: dropping a future leaves the old or the new state. An implementation must pass the suite
/// `idempotency::conformance` (feature `test-util`).
pub trait IdempotencyStore: fmt::Debug + Send + Sync {
    /// Acquires the lease of an event. Exactly one of all concurrent callers gets it.
    ///
    /// A first lease has the fence [`Fence::FIRST`]. A store that can be wiped while handlers run starts higher, for
    /// example at the current time, so that fences rise across the wipe too.
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin>;

    /// Renews a lease to `lease` from now, if the fence still holds.
    fn renew<'a>(&'a self, key: &'a EventKey, fence: Fence, lease: Duration) -> StoreFuture<'a, Renewal>;

    /// Marks the event as done and remembers it for `retention`, if the fence still holds.
    ///
    /// An expired lease that was not taken over may still be completed.
    fn complete<'a>(
        &'a self,
        key: &'a EventKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion>;

    /// Releases a lease, if the fence still holds.
    ///
    /// It can be acquired again at once. Attempts and fence are kept.
    fn release<'a>(&'a self, key: &'a EventKey, fence: Fence) -> StoreFuture<'a, Release>;

    /// Deletes up to `limit` records past their retention and returns their number.
    fn purge(&self, limit: u64) -> StoreFuture<'_, u64>;

    /// Returns the health of the store, for an operator.
    fn health(&self) -> StoreFuture<'_, StoreHealth>;
}

/// Request for a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BeginRequest {
    /// Key of the event.
    pub key: EventKey,
    /// Facts of the event. An event that is done with other facts is a contradiction.
    ///
    /// They replace those of a lease that has ended or was released: a handler that refused a wrong payment must get the
    /// right one.
    pub facts: Box<str>,
    /// Id of the notification, if one reported the event.
    ///
    /// The same id with another key is a contradiction.
    pub notification_id: Option<Box<str>>,
    /// Kind of event, for operators who inspect the store.
    pub event_type: String,
    /// Length of the lease unless it is renewed.
    pub lease: Duration,
    /// Retention of a record that is never completed.
    pub retention: Duration,
}

impl BeginRequest {
    /// Creates a request for the lease of `key`.
    pub fn new(
        key: EventKey,
        facts: impl Into<Box<str>>,
        event_type: impl Into<String>,
        lease: Duration,
    ) -> Self {
        Self {
            key,
            facts: facts.into(),
            notification_id: None,
            event_type: event_type.into(),
            lease,
            retention: Limits::RETENTION,
        }
    }

    /// Sets the retention of a record that is never completed.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention;
        self
    }
}

/// Result of [`IdempotencyStore::begin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Begin {
    /// The caller holds the lease.
    Acquired {
        /// Fence of the lease.
        fence: Fence,
        /// Number of the attempt, this one included.
        attempt: u32,
    },
    /// The lease is held by another handler.
    InProgress {
        /// Time until the lease ends, unless it is renewed.
        remaining: Duration,
    },
    /// The event was completed before.
    Done {
        /// Fence that completed it.
        fence: Fence,
    },
    /// The event is done with other facts, or the id belongs to another key.
    Contradiction,
}

/// Result of [`IdempotencyStore::renew`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewal {
    /// The lease was renewed.
    Renewed,
    /// The lease belongs to another handler, is done, or was forgotten.
    Lost,
}

/// Result of [`IdempotencyStore::complete`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Completion {
    /// The event is done, durably.
    Completed,
    /// This fence completed it before; an earlier response was lost.
    AlreadyDone,
    /// The lease belongs to another handler or was forgotten. Nothing was changed.
    Lost,
}

/// Result of [`IdempotencyStore::release`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Release {
    /// A new lease can be acquired at once.
    Released,
    /// This fence no longer holds the lease. Nothing was changed.
    Lost,
}

/// Health of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreHealth {
    /// Problems that an operator should fix.
    ///
    /// For example a Redis that evicts keys, or a PostgreSQL that commits before it is durable.
    pub warnings: Vec<String>,
}

impl StoreHealth {
    /// Creates the health of a store without problems.
    #[must_use]
    pub fn good() -> Self {
        Self::default()
    }

    /// Adds a problem that an operator should fix.
    #[must_use]
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }
}

/// Error: a store operation failed. It may have taken effect nevertheless.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store could not be reached, was too slow, or is full.
    ///
    /// The notification must be sent again.
    #[error("the store is not available")]
    Unavailable(#[source] BoxError),
    /// The store refuses until an operator changes something.
    ///
    /// For example a role that may not migrate, or a handler that ended its transaction.
    #[error("{problem}")]
    Refused {
        /// The problem and its fix.
        problem: &'static str,
        /// The error of the driver, if there was one.
        source: Option<BoxError>,
    },
    /// The store holds a record that this library does not write.
    ///
    /// An operator must act.
    #[error("the store holds a record that cannot be read: {0}")]
    Corrupt(&'static str),
}

/// For an [`Event`](super::Event) that needs no conversion.
impl From<Infallible> for StoreError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<InvalidKey> for StoreError {
    fn from(_: InvalidKey) -> Self {
        Self::Corrupt("the id is no key")
    }
}

impl StoreError {
    /// Wraps the error of a driver.
    pub fn unavailable(error: impl Into<BoxError>) -> Self {
        Self::Unavailable(error.into())
    }

    /// Creates an error from a problem with its fix, and the driver's error.
    #[must_use]
    pub fn refused(problem: &'static str, source: Option<BoxError>) -> Self {
        Self::Refused { problem, source }
    }
}

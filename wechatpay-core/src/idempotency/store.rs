//! Contract of a store.

use std::{fmt, pin::Pin, time::Duration};

use super::{Fence, InvalidKey, Limits, NotificationKey, PlaintextDigest};
use crate::{BoxError, notify::VerifiedNotification};

/// Future of a store's operation.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Store of the notifications that are being handled and of those that are done.
///
/// Time is the store's own, so that clocks of the processes that share it do not matter. All operations are cancel-safe:
/// dropping a future leaves the old or the new state, never a third. The suite in
/// `idempotency::conformance` (feature `test-util`) is what an implementation must pass.
pub trait IdempotencyStore: fmt::Debug + Send + Sync {
    /// Acquires the lease of a notification. Of all who ask at once, exactly one gets it.
    ///
    /// A first lease has the fence [`Fence::FIRST`]. A store that can be wiped while handlers run starts higher, at the
    /// time for instance, so that fences rise across the wipe too.
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin>;

    /// Renews a lease, to `lease` from now, if the fence still holds.
    fn renew<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        lease: Duration,
    ) -> StoreFuture<'a, Renewal>;

    /// Marks the notification as done, if the fence still holds, and remembers it for `retention`.
    ///
    /// An expired lease that nobody took over may still be completed.
    fn complete<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion>;

    /// Releases a lease, if the fence still holds.
    ///
    /// The lease is given back: it can be acquired at once; attempts and fence are kept.
    fn release<'a>(&'a self, key: &'a NotificationKey, fence: Fence) -> StoreFuture<'a, Release>;

    /// Deletes up to `limit` records past their retention and returns their number.
    fn purge(&self, limit: u64) -> StoreFuture<'_, u64>;

    /// Returns what an operator should know of the store.
    fn health(&self) -> StoreFuture<'_, StoreHealth>;
}

/// Request for a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BeginRequest {
    /// Key of the notification.
    pub key: NotificationKey,
    /// Digest of the decrypted payload. The same key with another digest is refused.
    pub digest: PlaintextDigest,
    /// Kind of event, for people who look at the store.
    pub event_type: String,
    /// Length of the lease unless it is renewed.
    pub lease: Duration,
    /// Retention of a record that is never completed.
    pub retention: Duration,
}

impl BeginRequest {
    /// Asks for the lease of `key`.
    pub fn new(
        key: NotificationKey,
        digest: PlaintextDigest,
        event_type: impl Into<String>,
        lease: Duration,
    ) -> Self {
        Self {
            key,
            digest,
            event_type: event_type.into(),
            lease,
            retention: Limits::RETENTION,
        }
    }

    /// Asks for the lease of this notification, with the retention of `limits`.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the resource has no digest, which a notification that was verified has.
    pub fn of(
        notification: &VerifiedNotification,
        lease: Duration,
        limits: &Limits,
    ) -> Result<Self, StoreError> {
        let key = NotificationKey::of(notification)?;
        let digest = notification
            .digest()
            .map_err(|_| StoreError::Corrupt("the resource is no JSON"))?;
        Ok(Self::new(key, digest, notification.event_type().as_str(), lease)
            .retention(limits.get_retention()))
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
    /// It was completed before.
    Done {
        /// The fence that completed it.
        fence: Fence,
    },
    /// The key is known with another digest: the id was used again for something else.
    DigestMismatch,
}

/// Result of [`IdempotencyStore::renew`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewal {
    /// The lease was renewed.
    Renewed,
    /// It belongs to another handler, is done, or was forgotten.
    Lost,
}

/// Result of [`IdempotencyStore::complete`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Completion {
    /// It is done, durably.
    Completed,
    /// It was done already, by this fence: an earlier response was lost.
    AlreadyDone,
    /// The lease belongs to another handler or was forgotten; nothing was changed.
    Lost,
}

/// Result of [`IdempotencyStore::release`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Release {
    /// A new lease can be acquired at once.
    Released,
    /// It was not this fence's any more; nothing was changed.
    Lost,
}

/// Health of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreHealth {
    /// What should be put right: an evicting Redis, a PostgreSQL that commits before it is durable.
    pub warnings: Vec<String>,
}

impl StoreHealth {
    /// A store with nothing to complain about.
    #[must_use]
    pub fn good() -> Self {
        Self::default()
    }

    /// Adds something that should be put right.
    #[must_use]
    pub fn warning(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }
}

/// A store did not do what it was asked. What it was asked may have been done all the same.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It could not be reached, was too slow, or is full. The notification is to be sent again.
    #[error("the store is not available")]
    Unavailable(#[source] BoxError),
    /// It refuses until somebody changes something: a role that may not migrate, a handler that ended its transaction.
    #[error("{problem}")]
    Refused {
        /// The reason, and the remedy.
        problem: &'static str,
        /// The error of the driver, if there was one.
        source: Option<BoxError>,
    },
    /// It holds something that no version of this library writes. Needs a human.
    #[error("the store holds a record that cannot be read: {0}")]
    Corrupt(&'static str),
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

    /// Names what has to be put right, and the error of the driver that told of it.
    #[must_use]
    pub fn refused(problem: &'static str, source: Option<BoxError>) -> Self {
        Self::Refused { problem, source }
    }
}

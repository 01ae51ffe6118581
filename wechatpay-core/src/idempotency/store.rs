//! What a store of claims must do.

use std::{fmt, pin::Pin, time::Duration};

use super::{Fence, InvalidKey, Limits, NotificationKey, PlaintextDigest};
use crate::{BoxError, notify::VerifiedNotification};

/// Future of a store's operation.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Remembers which notifications are being handled and which are done.
///
/// Time is the store's own, so that clocks of the processes that share it do not matter. All operations are cancel-safe:
/// dropping a future leaves the old or the new state, never a third. The suite in
/// `idempotency::conformance` (feature `test-util`) is what an implementation must pass.
pub trait IdempotencyStore: fmt::Debug + Send + Sync {
    /// Claims a notification. Of all who ask at once, exactly one acquires it.
    ///
    /// A first claim has the fence [`Fence::FIRST`]. A store that can be wiped while handlers run starts higher, at the
    /// time for instance, so that fences rise across the wipe too.
    fn begin<'a>(&'a self, request: &'a BeginRequest) -> StoreFuture<'a, Begin>;

    /// Prolongs a lease to `lease` from now, if its fence is still the one that holds.
    fn renew<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        lease: Duration,
    ) -> StoreFuture<'a, Renewal>;

    /// Marks a claim as done, if its fence is still the one that holds, and remembers it for `retention`. An expired lease
    /// that nobody took over may still be completed.
    fn complete<'a>(
        &'a self,
        key: &'a NotificationKey,
        fence: Fence,
        retention: Duration,
    ) -> StoreFuture<'a, Completion>;

    /// Gives a claim back, if its fence is still the one that holds: it can be claimed at once, attempts and fence are kept.
    fn release<'a>(&'a self, key: &'a NotificationKey, fence: Fence) -> StoreFuture<'a, Release>;

    /// Forgets up to `limit` claims that are past their retention, and says how many.
    fn purge(&self, limit: u64) -> StoreFuture<'_, u64>;

    /// Whether the store answers.
    fn health(&self) -> StoreFuture<'_, StoreHealth>;
}

/// A claim that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BeginRequest {
    /// What is claimed.
    pub key: NotificationKey,
    /// Digest of what was decrypted: the same key with another one is refused.
    pub digest: PlaintextDigest,
    /// Kind of event, for whoever looks at the store.
    pub event_type: String,
    /// How long the claim is held unless it is renewed.
    pub lease: Duration,
    /// How long a claim is remembered that is never completed.
    pub retention: Duration,
}

impl BeginRequest {
    /// A claim of `key` for `lease`.
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

    /// A claim of this notification for `lease`, remembered as `limits` say.
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

    /// How long a claim is remembered that is never completed.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention;
        self
    }
}

/// What came of [`IdempotencyStore::begin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Begin {
    /// The claim is held.
    Acquired {
        /// Its number.
        fence: Fence,
        /// How often the notification was claimed, this time included.
        attempt: u32,
    },
    /// Somebody else holds it.
    InProgress {
        /// How long at the most, unless it is renewed.
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

/// What came of [`IdempotencyStore::renew`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renewal {
    /// The lease was prolonged.
    Renewed,
    /// It is somebody else's, done, or forgotten.
    Lost,
}

/// What came of [`IdempotencyStore::complete`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Completion {
    /// It is done, durably.
    Completed,
    /// It was done already, by this fence: an earlier answer got lost.
    AlreadyDone,
    /// It is somebody else's, or forgotten; nothing was changed.
    Lost,
}

/// What came of [`IdempotencyStore::release`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Release {
    /// It can be claimed at once.
    Released,
    /// It was not this fence's any more; nothing was changed.
    Lost,
}

/// How a store is.
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

//! Contract of a store of what is watched.

use std::{fmt, time::Duration};

use super::{End, Entry, Pending, PendingKey, Phase, Taken};
use crate::idempotency::{Fence, Renewal, StoreFuture};

/// Store of the orders, refunds, shares, withdrawals and transfers whose end is not known yet.
///
/// A store uses its own clock, so the clocks of the processes that share it do not matter. All operations are
/// cancel-safe: dropping a future leaves the old or the new state. An implementation must pass the suite
/// `watch::conformance` (feature `test-util`).
pub trait PendingStore: fmt::Debug + Send + Sync {
    /// Registers an entry, to be looked at `after` from now.
    ///
    /// Returns `false` and changes nothing if it is known.
    fn register<'a>(&'a self, pending: &'a Pending, after: Duration) -> StoreFuture<'a, bool>;

    /// Takes up to `limit` entries that are due, each under a lease.
    ///
    /// Exactly one of all callers gets it. Each lease raises the fence of its entry. An entry whose lease has ended is due again.
    fn take(&self, limit: usize, lease: Duration) -> StoreFuture<'_, Vec<Taken>>;

    /// Gives an entry back until `after` from now, if the fence still holds.
    fn put_off<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Fence,
        phase: Phase,
        after: Duration,
        note: Option<&'a str>,
    ) -> StoreFuture<'a, Renewal>;

    /// Ends an entry and remembers it for `retention`.
    ///
    /// With a fence only its holder may end it. Without one the end was learned elsewhere: it counts whoever holds the
    /// lease, and replaces an earlier end as [`End::replaces`] says.
    fn end<'a>(
        &'a self,
        key: &'a PendingKey,
        fence: Option<Fence>,
        end: End,
        note: Option<&'a str>,
        retention: Duration,
    ) -> StoreFuture<'a, Ending>;

    /// Makes an entry due now, whatever its phase.
    ///
    /// Returns `false` if it is not known. An ended one is watched again.
    fn recheck<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, bool>;

    /// Returns the state of an entry.
    fn entry<'a>(&'a self, key: &'a PendingKey) -> StoreFuture<'a, Option<Entry>>;

    /// Returns up to `limit` entries that need a look, the oldest first.
    fn need_look(&self, limit: usize) -> StoreFuture<'_, Vec<Entry>>;

    /// Returns the numbers of entries, for metrics.
    fn counts(&self) -> StoreFuture<'_, PendingCounts>;

    /// Deletes up to `limit` ended entries past their retention and returns their number.
    ///
    /// Entries that need a look are kept.
    fn purge(&self, limit: u64) -> StoreFuture<'_, u64>;
}

/// Result of [`PendingStore::end`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// It has this end now.
    Ended,
    /// It had an end before, which stays.
    Before(End),
    /// The lease belongs to another worker. Nothing was changed.
    Lost,
    /// It is not known.
    Unknown,
}

/// Numbers of entries of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingCounts {
    /// Entries without an end.
    pub open: u64,
    /// Entries that need a look.
    pub need_look: u64,
    /// Time for which the most overdue entry has waited for its look.
    pub overdue: Duration,
}

impl PendingCounts {
    /// Creates numbers, for a store.
    #[must_use]
    pub fn new(open: u64, need_look: u64, overdue: Duration) -> Self {
        Self {
            open,
            need_look,
            overdue,
        }
    }
}

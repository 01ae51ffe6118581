//! Counters by kind, from a fixed list of labels.

use std::sync::atomic::{AtomicU64, Ordering};

use super::kind::{Kind, PerKind};

/// Counts of accepted and rejected notifications, by kind.
///
/// Labels come from a fixed list and never from the network. `accepted` counts notifications that were verified and
/// decrypted. If the type of the route does not match afterwards, the notification is counted as `type_mismatch` too,
/// so the two may overlap.
#[derive(Debug, Default)]
pub struct NotificationCounters {
    accepted: AtomicU64,
    rejected: PerKind<AtomicU64>,
}

impl NotificationCounters {
    pub(super) fn accepted(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn rejected(&self, kind: Kind) {
        self.rejected.of(kind).fetch_add(1, Ordering::Relaxed);
    }

    /// Returns all kinds with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let rejected = Kind::ALL
            .into_iter()
            .map(|kind| (kind.code(), self.rejected.of(kind)));
        std::iter::once(("accepted", &self.accepted))
            .chain(rejected)
            .map(|(code, count)| (code, count.load(Ordering::Relaxed)))
    }

    /// Returns the count of one kind.
    ///
    /// The kind is `accepted` or a [`NotificationError::code`](super::NotificationError::code).
    #[must_use]
    pub fn get(&self, code: &str) -> u64 {
        self.iter()
            .find(|(kind, _)| *kind == code)
            .map_or(0, |(_, count)| count)
    }
}

//! Counters by kind. The kinds are fixed, so no caller can make a metric grow.

use std::sync::atomic::{AtomicU64, Ordering};

use super::NotificationError;

/// The kinds, in the order of [`NotificationError::code`].
const KINDS: [&str; 25] = [
    "accepted",
    "method",
    "media_type",
    "encoding",
    "too_large",
    "header_missing",
    "header_duplicate",
    "header_malformed",
    "algorithm_unsupported",
    "too_old",
    "too_new",
    "probe",
    "key_unknown",
    "key_unavailable",
    "key_expired",
    "signature_invalid",
    "body_timeout",
    "body_aborted",
    "envelope_malformed",
    "resource_algorithm_unsupported",
    "decrypt_failed",
    "payload_malformed",
    "type_mismatch",
    "wrong_merchant",
    "unhandled",
];

/// How many notifications were accepted and refused, by kind. Labels come from a fixed list and never from the network.
#[derive(Debug, Default)]
pub struct NotificationCounters {
    counts: [AtomicU64; KINDS.len()],
}

impl NotificationCounters {
    pub(super) fn accepted(&self) {
        self.add("accepted");
    }

    pub(super) fn refused(&self, error: &NotificationError) {
        self.add(error.code());
    }

    fn add(&self, code: &str) {
        if let Some(count) = KINDS
            .iter()
            .position(|kind| *kind == code)
            .and_then(|index| self.counts.get(index))
        {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// All kinds with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        KINDS
            .iter()
            .copied()
            .zip(self.counts.iter().map(|count| count.load(Ordering::Relaxed)))
    }

    /// The count of one kind: `accepted`, or a [`NotificationError::code`].
    #[must_use]
    pub fn get(&self, code: &str) -> u64 {
        self.iter()
            .find(|(kind, _)| *kind == code)
            .map_or(0, |(_, count)| count)
    }
}

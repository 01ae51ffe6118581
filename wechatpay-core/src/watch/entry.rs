//! State of what is watched.

use std::{fmt, time::Duration};

use super::{Pending, PendingKey};
use crate::idempotency::Fence;

/// End of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// The order is paid.
    Paid,
    /// The order is closed and was not paid.
    ///
    /// Or the refund or withdrawal was closed, or the transfer cancelled.
    Closed,
    /// The money came back.
    ///
    /// The refund arrived, the order was found refunded, or the bank returned the withdrawal.
    Refunded,
    /// The share, its return, the withdrawal or the transfer succeeded.
    Finished,
    /// The share, its return, the withdrawal or the transfer failed, at least in part.
    ///
    /// The news name the reason, and the receivers of a share that got nothing.
    Failed,
    /// A person must look; the note says why.
    NeedsLook,
}

impl End {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Paid,
        Self::Closed,
        Self::Refunded,
        Self::Finished,
        Self::Failed,
        Self::NeedsLook,
    ];

    /// Returns the name, as stores write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::NeedsLook => "needs-look",
        }
    }

    /// Returns `true` if this end, learned later, replaces another.
    ///
    /// Money that moved outweighs what was believed.
    #[must_use]
    pub fn replaces(self, known: Self) -> bool {
        matches!(
            (self, known),
            (
                Self::Paid | Self::Refunded | Self::Finished,
                Self::Closed | Self::Failed | Self::NeedsLook
            ) | (Self::Refunded, Self::Paid | Self::Finished)
                | (Self::Failed, Self::Closed | Self::NeedsLook)
                | (Self::Closed, Self::NeedsLook)
        )
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Phase of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// It is queried by the schedule.
    Watching,
    /// The order was closed and is looked at once more.
    Closing,
    /// It has its end.
    Ended(End),
}

impl Phase {
    /// Returns the name, as stores write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Watching => "watching",
            Self::Closing => "closing",
            Self::Ended(end) => end.as_str(),
        }
    }

    /// Returns the phase of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "watching" => Some(Self::Watching),
            "closing" => Some(Self::Closing),
            _ => End::ALL
                .into_iter()
                .find(|end| end.as_str() == name)
                .map(Self::Ended),
        }
    }
}

/// Entry of a store that a worker has taken, under a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Taken {
    /// Order, refund, share, withdrawal or transfer.
    pub pending: Pending,
    /// Fence of the lease.
    pub fence: Fence,
    /// Phase before this look.
    pub phase: Phase,
    /// Number of this look, from 1.
    pub look: u32,
    /// Time since the registration, by the store's clock.
    pub age: Duration,
}

impl Taken {
    /// Creates an entry, for a store.
    #[must_use]
    pub fn new(pending: Pending, fence: Fence, phase: Phase, look: u32, age: Duration) -> Self {
        Self {
            pending,
            fence,
            phase,
            look,
            age,
        }
    }
}

/// State of what is watched, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Key.
    pub key: PendingKey,
    /// Phase.
    pub phase: Phase,
    /// Number of looks so far.
    pub looks: u32,
    /// Time since the registration, by the store's clock.
    pub age: Duration,
    /// Result of the last look in words, without data of the payer.
    pub note: Option<String>,
}

impl Entry {
    /// Creates a state, for a store.
    #[must_use]
    pub fn new(key: PendingKey, phase: Phase, looks: u32, age: Duration, note: Option<String>) -> Self {
        Self {
            key,
            phase,
            looks,
            age,
            note,
        }
    }
}

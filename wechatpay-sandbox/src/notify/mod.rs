//! Notifications: sealed, signed, sent, and sent again until they are acknowledged.

mod client;
mod deliver;
mod envelope;
mod schedule;
mod target;

use std::{
    fmt,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::StatusCode;
use tokio::sync::{Semaphore, watch};

pub(crate) use deliver::{Draft, attempt_due, send_again, start};
pub use schedule::RetrySchedule;

use crate::state::{lock, order::OrderKey};
use client::Sender;

/// Attempts that are on their way at the same time.
const CONCURRENCY: usize = 8;
/// More notifications than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;

/// A notification and what became of it.
///
/// `Debug` leaves out what it says: it names a payer.
#[derive(Clone)]
#[non_exhaustive]
pub struct Notification {
    /// The same for all attempts.
    pub id: String,
    /// The merchant it is for.
    pub mchid: String,
    /// The order it is about; empty when it is about none.
    pub out_trade_no: String,
    /// The merchant's number of what it is about: of the order, or of the refund, the share and so on.
    pub subject: String,
    /// The kind of event, for instance `TRANSACTION.SUCCESS`.
    pub event_type: &'static str,
    /// Where it goes.
    pub notify_url: String,
    /// When it came into being, in Unix seconds.
    pub created_at: i64,
    /// Where it stands.
    pub state: NotificationState,
    /// The attempts so far, the oldest first.
    pub attempts: Vec<Attempt>,
    /// What is sealed in it, as JSON text.
    pub resource: String,
    pub(crate) order: Option<OrderKey>,
    pub(crate) original_type: &'static str,
    pub(crate) associated_data: &'static str,
    pub(crate) summary: &'static str,
    /// Counts the notifications of this sandbox.
    pub(crate) number: u64,
    /// Counts the attempts that were begun.
    pub(crate) turns: u16,
}

impl Notification {
    /// Whether the receiver acknowledged it.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.state == NotificationState::Acknowledged
    }
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("id", &self.id)
            .field("out_trade_no", &self.out_trade_no)
            .field("subject", &self.subject)
            .field("event_type", &self.event_type)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Where a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotificationState {
    /// There are attempts to come.
    Pending,
    /// It was answered 200 or 204 in time.
    Acknowledged,
    /// The last attempt failed.
    GivenUp,
}

/// One attempt to deliver.
#[derive(Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was made, in Unix seconds.
    pub at: i64,
    /// Whether it carried a deliberately wrong signature, which the receiver must refuse.
    pub is_probe: bool,
    /// Id of the key that signed it; empty when nothing was sent.
    pub key_id: String,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// How long it took.
    pub took: Duration,
    /// The body of the answer, up to 64 KiB.
    pub reply: Bytes,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("at", &self.at)
            .field("is_probe", &self.is_probe)
            .field("key_id", &self.key_id)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptOutcome {
    /// Answered 200 or 204 in time.
    Acknowledged(StatusCode),
    /// Answered something else, a redirect for instance.
    Refused(StatusCode),
    /// Not answered in time.
    TimedOut,
    /// Nobody listens there, or the connection broke.
    Failed(String),
    /// Not sent: the sandbox may not send there.
    NotAllowed(&'static str),
    /// Not sent: notifications are switched off.
    Withheld,
}

impl AttemptOutcome {
    pub(crate) fn of_status(status: StatusCode) -> Self {
        if matches!(status, StatusCode::OK | StatusCode::NO_CONTENT) {
            Self::Acknowledged(status)
        } else {
            Self::Refused(status)
        }
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Acknowledged(status) | Self::Refused(status) => Some(*status),
            Self::TimedOut | Self::Failed(_) | Self::NotAllowed(_) | Self::Withheld => None,
        }
    }
}

impl fmt::Display for AttemptOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acknowledged(status) | Self::Refused(status) => write!(f, "{}", status.as_u16()),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Failed(cause) => f.write_str(cause),
            Self::NotAllowed(cause) => write!(f, "not sent: {cause}"),
            Self::Withheld => f.write_str("not sent: notifications are switched off"),
        }
    }
}

/// All notifications, and what is needed to send them.
pub(crate) struct Notifications {
    all: Mutex<Vec<Notification>>,
    /// Goes up with every change, to wake those who wait.
    changes: watch::Sender<u64>,
    places: Semaphore,
    sender: Sender,
    numbers: AtomicU64,
}

impl Notifications {
    pub(crate) fn new() -> Self {
        Self {
            all: Mutex::default(),
            changes: watch::Sender::new(0),
            places: Semaphore::new(CONCURRENCY),
            sender: Sender::new(),
            numbers: AtomicU64::default(),
        }
    }

    fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    fn push(&self, notification: Notification) {
        let mut all = lock(&self.all);
        if all.len() >= CAPACITY {
            all.remove(0);
        }
        all.push(notification);
        drop(all);
        self.changed();
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Notification)) {
        if let Some(notification) = lock(&self.all)
            .iter_mut()
            .rev()
            .find(|notification| notification.id == id)
        {
            change(notification);
        }
        self.changed();
    }

    fn changed(&self) {
        self.changes
            .send_modify(|number| *number = number.wrapping_add(1));
    }

    pub(crate) fn get(&self, id: &str) -> Option<Notification> {
        lock(&self.all)
            .iter()
            .rev()
            .find(|notification| notification.id == id)
            .cloned()
    }

    pub(crate) fn all(&self) -> Vec<Notification> {
        lock(&self.all).clone()
    }

    pub(crate) fn of_order(&self, out_trade_no: &str) -> Vec<Notification> {
        lock(&self.all)
            .iter()
            .filter(|notification| notification.out_trade_no == out_trade_no)
            .cloned()
            .collect()
    }

    pub(crate) fn of_subject(&self, number: &str) -> Vec<Notification> {
        lock(&self.all)
            .iter()
            .filter(|notification| notification.subject == number)
            .cloned()
            .collect()
    }

    /// Looks at all, the oldest first.
    pub(crate) fn each(&self, look: impl FnMut(&Notification)) {
        lock(&self.all).iter().for_each(look);
    }

    /// Copies of the newest that are wanted, the newest first.
    pub(crate) fn latest(
        &self,
        limit: usize,
        is_wanted: impl Fn(&Notification) -> bool,
    ) -> Vec<Notification> {
        let all = lock(&self.all);
        let wanted = all.iter().rev().filter(|notification| is_wanted(notification));
        wanted.take(limit).cloned().collect()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

//! Notifications: sealed, signed, sent, and sent again until they are acknowledged.

mod client;
mod deliver;
mod envelope;
mod schedule;
mod target;
mod together;

use std::{
    borrow::Cow,
    collections::VecDeque,
    fmt,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::sync::{Semaphore, watch};

pub(crate) use client::{Reply, SendError, Sender, headers};
pub(crate) use deliver::{Draft, attempt_due, send_again, start, unpark};
pub use schedule::RetrySchedule;
pub(crate) use target::judge;

use crate::{
    faults::{Fault, NotificationOccasion},
    state::{lock, order::OrderKey},
};

/// Attempts that are on their way at the same time.
const CONCURRENCY: usize = 8;
/// More notifications than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;
/// Bytes of attempts that are kept.
const MAX_SENT: usize = 64 * 1024 * 1024;

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
    pub event_type: Cow<'static, str>,
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
    /// What was made to go wrong with it as a whole; what went wrong with an attempt is found there.
    pub faults: Vec<Fault>,
    pub(crate) order: Option<OrderKey>,
    pub(crate) original_type: Cow<'static, str>,
    pub(crate) associated_data: Cow<'static, str>,
    pub(crate) summary: Cow<'static, str>,
    /// Whether it waits for another one.
    pub(crate) is_parked: bool,
    /// Counts the notifications of this sandbox.
    pub(crate) number: u64,
    /// Counts the attempts that were begun.
    pub(crate) turns: u16,
}

impl Notification {
    /// What faults look at.
    fn occasion(&self) -> NotificationOccasion<'_> {
        NotificationOccasion {
            mchid: &self.mchid,
            event_type: &self.event_type,
            numbers: [&self.subject, &self.out_trade_no],
        }
    }

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum NotificationState {
    /// There are attempts to come.
    Pending,
    /// It was answered 200 or 204 in time.
    Acknowledged,
    /// The last attempt failed, or it was stopped by hand.
    GivenUp,
}

/// One attempt to deliver.
#[derive(Clone)]
#[non_exhaustive]
pub struct Attempt {
    /// When it was made, in Unix seconds.
    pub at: i64,
    /// Whether the receiver must refuse it: a signature probe, or a forgery that a fault asked for.
    pub is_forged: bool,
    /// What was made to go wrong.
    pub faults: Vec<Fault>,
    /// Id of the key that signed it; empty when nothing was sent.
    pub key_id: String,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// How long it took.
    pub took: Duration,
    /// The body of the answer, up to 64 KiB.
    pub reply: Bytes,
    /// What was sent; of the newest attempts, 64 MiB in all.
    pub sent: Option<Sent>,
}

/// What an attempt sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct Sent {
    /// The headers, the signature among them.
    pub headers: HeaderMap,
    /// The body: an envelope with the sealed resource in it.
    pub body: Bytes,
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Attempt {
    /// Whether the receiver took it, and rightly so.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        !self.is_forged && matches!(self.outcome, AttemptOutcome::Acknowledged(_))
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("at", &self.at)
            .field("is_forged", &self.is_forged)
            .field("faults", &self.faults)
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
    NotAllowed(Cow<'static, str>),
    /// Not sent: notifications are switched off.
    Withheld,
    /// Not sent: it was made to get lost.
    Lost,
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
            Self::TimedOut | Self::Failed(_) | Self::NotAllowed(_) | Self::Withheld | Self::Lost => None,
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
            Self::Lost => f.write_str("lost on the way"),
        }
    }
}

/// Waits until the first attempt at a notification about this number was made.
pub(crate) async fn first_attempt(shared: &crate::shared::Shared, number: &str) {
    let mut changes = shared.notifications.subscribe();
    loop {
        let about = shared.notifications.of_subject(number);
        let is_sent = about.iter().any(|notification| !notification.attempts.is_empty());
        if is_sent || changes.changed().await.is_err() {
            return;
        }
    }
}

/// All notifications, and what is needed to send them.
pub(crate) struct Notifications {
    all: Mutex<Kept>,
    /// Goes up with every change, to wake those who wait.
    changes: watch::Sender<u64>,
    places: Semaphore,
    sender: Sender,
    numbers: AtomicU64,
}

impl Notifications {
    /// Forgets all; random numbers go on.
    pub(crate) fn clear(&self) {
        *lock(&self.all) = Kept::default();
        self.changed();
    }

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

    /// Random numbers of notifications begin again.
    pub(crate) fn count_anew(&self) {
        self.numbers.store(0, Ordering::Relaxed);
    }

    fn push(&self, notification: Notification) {
        lock(&self.all).push(notification);
        self.changed();
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Notification)) {
        if let Some(notification) = lock(&self.all).get_mut(id) {
            change(notification);
        }
        self.changed();
    }

    /// Keeps an attempt, and says the how many-th genuine one it is.
    fn record(&self, id: &str, attempt: &Attempt) -> usize {
        let number = lock(&self.all).record(id, attempt);
        self.changed();
        number
    }

    /// Ends the attempts. Says whether there were any to come.
    pub(crate) fn give_up(&self, id: &str) -> bool {
        let mut was_pending = false;
        self.change(id, |notification| {
            was_pending = notification.state == NotificationState::Pending;
            if was_pending {
                notification.state = NotificationState::GivenUp;
            }
        });
        was_pending
    }

    /// Lets all others of a merchant go that waited for one.
    fn unpark_all(&self, mchid: &str, but: &str, unpark: impl Fn(&str)) {
        let parked: Vec<String> = lock(&self.all)
            .notifications
            .iter()
            .filter(|other| other.is_parked && other.mchid == mchid && other.id != but)
            .map(|other| other.id.clone())
            .collect();
        parked.iter().for_each(|id| unpark(id));
    }

    fn changed(&self) {
        self.changes
            .send_modify(|number| *number = number.wrapping_add(1));
    }

    pub(crate) fn get(&self, id: &str) -> Option<Notification> {
        self.matching(|notification| notification.id == id).pop()
    }

    pub(crate) fn all(&self) -> Vec<Notification> {
        self.matching(|_| true)
    }

    pub(crate) fn of_order(&self, out_trade_no: &str) -> Vec<Notification> {
        self.matching(|notification| notification.out_trade_no == out_trade_no)
    }

    pub(crate) fn of_subject(&self, number: &str) -> Vec<Notification> {
        self.matching(|notification| notification.subject == number)
    }

    /// Copies of those that are wanted, the oldest first.
    fn matching(&self, is_wanted: impl Fn(&Notification) -> bool) -> Vec<Notification> {
        lock(&self.all)
            .notifications
            .iter()
            .filter(|notification| is_wanted(notification))
            .cloned()
            .collect()
    }

    /// Looks at all, the oldest first.
    pub(crate) fn each(&self, look: impl FnMut(&Notification)) {
        lock(&self.all).notifications.iter().for_each(look);
    }

    /// Copies of the newest that are wanted, the newest first.
    pub(crate) fn latest(
        &self,
        limit: usize,
        is_wanted: impl Fn(&Notification) -> bool,
    ) -> Vec<Notification> {
        let all = lock(&self.all);
        let wanted = all
            .notifications
            .iter()
            .rev()
            .filter(|notification| is_wanted(notification));
        wanted.take(limit).cloned().collect()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// The newest notifications, and what was sent of the newest attempts.
#[derive(Default)]
struct Kept {
    notifications: VecDeque<Notification>,
    /// Attempts whose bytes are kept: id, place among its attempts, length.
    sent: VecDeque<(String, usize, usize)>,
    sent_bytes: usize,
}

impl Kept {
    fn get_mut(&mut self, id: &str) -> Option<&mut Notification> {
        // What changes is mostly new.
        self.notifications
            .iter_mut()
            .rev()
            .find(|notification| notification.id == id)
    }

    fn push(&mut self, notification: Notification) {
        if self.notifications.len() >= CAPACITY {
            self.notifications.pop_front();
        }
        self.notifications.push_back(notification);
    }

    fn record(&mut self, id: &str, attempt: &Attempt) -> usize {
        let Some(notification) = self.get_mut(id) else {
            return 0;
        };
        let place = notification.attempts.len();
        notification.attempts.push(attempt.clone());
        if attempt.is_acknowledged() {
            notification.state = NotificationState::Acknowledged;
        }
        let number = notification
            .attempts
            .iter()
            .filter(|attempt| !attempt.is_forged)
            .count();
        if let Some(sent) = &attempt.sent {
            self.sent_bytes = self.sent_bytes.saturating_add(sent.body.len());
            self.sent.push_back((id.to_owned(), place, sent.body.len()));
            self.forget_sent();
        }
        number
    }

    fn forget_sent(&mut self) {
        while self.sent_bytes > MAX_SENT {
            let Some((id, place, length)) = self.sent.pop_front() else {
                return;
            };
            self.sent_bytes = self.sent_bytes.saturating_sub(length);
            if let Some(attempt) = self
                .get_mut(&id)
                .and_then(|notification| notification.attempts.get_mut(place))
            {
                attempt.sent = None;
            }
        }
    }
}

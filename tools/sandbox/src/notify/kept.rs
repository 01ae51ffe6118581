//! All notifications: found, changed, and awaited.

use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, watch};

use super::{Attempt, Notification, NotificationState, Sender};
use crate::world::lock;

/// Attempts that are on their way at the same time.
const CONCURRENCY: usize = 8;
/// More notifications than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;
/// Bytes of attempts that are kept.
const MAX_SENT: usize = 64 * 1024 * 1024;

/// All notifications, and what is needed to send them.
pub struct Notifications {
    all: Mutex<Kept>,
    /// Goes up with every change, to wake those who wait.
    changes: watch::Sender<u64>,
    pub(super) places: Semaphore,
    pub(crate) sender: Sender,
    numbers: AtomicU64,
}

debug_only!(Notifications {});

/// All of it, as a snapshot has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedNotifications {
    pub(crate) notifications: Vec<Notification>,
    /// Of the next one.
    number: u64,
}

impl Notifications {
    /// Forgets all; random numbers go on.
    pub(crate) fn clear(&self) {
        self.begin_world(Vec::new());
    }

    pub(crate) fn saved(&self) -> SavedNotifications {
        SavedNotifications {
            notifications: self.all(),
            number: self.numbers.load(Ordering::Relaxed),
        }
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: SavedNotifications) {
        self.numbers.store(saved.number, Ordering::Relaxed);
        self.begin_world(saved.notifications);
    }

    fn begin_world(&self, notifications: Vec<Notification>) {
        let mut all = lock(&self.all);
        *all = Kept {
            world: all.world.wrapping_add(1),
            ..Kept::default()
        };
        all.fill(notifications);
        drop(all);
        self.changed();
    }

    pub(crate) fn new(sender: Sender) -> Self {
        Self {
            all: Mutex::default(),
            changes: watch::Sender::new(0),
            places: Semaphore::new(CONCURRENCY),
            sender,
            numbers: AtomicU64::default(),
        }
    }

    pub(super) fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Random numbers of notifications begin again.
    pub(crate) fn count_anew(&self) {
        self.numbers.store(0, Ordering::Relaxed);
    }

    pub(super) fn push(&self, notification: Notification) {
        lock(&self.all).push(notification);
        self.changed();
    }

    pub(super) fn change(&self, id: &str, change: impl FnOnce(&mut Notification)) {
        if let Some(notification) = lock(&self.all).get_mut(id) {
            change(notification);
        }
        self.changed();
    }

    /// Records an attempt and returns its count among the genuine ones.
    ///
    /// `None` if the notification was forgotten meanwhile.
    pub(super) fn record(&self, notification: &Notification, attempt: &Attempt) -> Option<usize> {
        let number = lock(&self.all).record(notification, attempt);
        self.changed();
        number
    }

    /// Returns true if it was not forgotten, with the world that it belongs to.
    pub(super) fn is_known(&self, notification: &Notification) -> bool {
        lock(&self.all).known(notification).is_some()
    }

    /// Ends the attempts. Says whether there were any to come.
    pub fn give_up(&self, id: &str) -> bool {
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
    pub(super) fn unpark_all(&self, mchid: &str, but: &str, unpark: impl Fn(&str)) {
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

    /// The notification with this id.
    pub fn get(&self, id: &str) -> Option<Notification> {
        self.matching(|notification| notification.id == id).pop()
    }

    pub(crate) fn all(&self) -> Vec<Notification> {
        self.matching(|_| true)
    }

    /// The notifications about an order number.
    pub fn of_order(&self, out_trade_no: &str) -> Vec<Notification> {
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
    pub fn each(&self, look: impl FnMut(&Notification)) {
        lock(&self.all).notifications.iter().for_each(look);
    }

    /// Copies of the newest that are wanted, the newest first.
    pub fn latest(&self, limit: usize, is_wanted: impl Fn(&Notification) -> bool) -> Vec<Notification> {
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
    /// Counts how often all was forgotten.
    world: u64,
}

impl Kept {
    fn get_mut(&mut self, id: &str) -> Option<&mut Notification> {
        // What changes is mostly new.
        self.notifications
            .iter_mut()
            .rev()
            .find(|notification| notification.id == id)
    }

    /// The one that this is a copy of.
    fn known(&mut self, copy: &Notification) -> Option<&mut Notification> {
        let is_of_now = copy.world == self.world;
        self.get_mut(&copy.id).filter(|_| is_of_now)
    }

    /// Takes all of a snapshot, and counts what they hold.
    fn fill(&mut self, notifications: Vec<Notification>) {
        let mut sent = Vec::new();
        for notification in &notifications {
            for (place, attempt) in notification.attempts.iter().enumerate() {
                if let Some(bytes) = &attempt.sent {
                    let length = bytes.body.len();
                    self.sent_bytes = self.sent_bytes.saturating_add(length);
                    sent.push((attempt.at, (notification.id.clone(), place, length)));
                }
            }
        }
        sent.sort_by_key(|(at, _)| *at);
        self.sent = sent.into_iter().map(|(_, sent)| sent).collect();
        for notification in notifications {
            self.push(notification);
        }
        self.forget_sent();
    }

    fn push(&mut self, mut notification: Notification) {
        notification.world = self.world;
        if self.notifications.len() >= CAPACITY {
            self.notifications.pop_front();
        }
        self.notifications.push_back(notification);
    }

    fn record(&mut self, notification: &Notification, attempt: &Attempt) -> Option<usize> {
        let id = &notification.id;
        let notification = self.known(notification)?;
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
            self.sent.push_back((id.clone(), place, sent.body.len()));
            self.forget_sent();
        }
        Some(number)
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

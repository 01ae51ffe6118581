//! All notifications: found, changed, and awaited.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, watch};

use super::{Attempt, Notification, NotificationState, Sender};
use crate::world::{lock, orders::key::OrderKey};

/// Attempts that are on their way at the same time.
const CONCURRENCY: usize = 8;
/// More notifications than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;
/// Bytes of attempts that are kept: messages and responses.
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
        lock(&self.all).change(id, change);
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
        lock(&self.all).knows(notification)
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
        lock(&self.all).get(id).cloned()
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
            .map(AsRef::as_ref)
            .filter(|notification| is_wanted(notification))
            .cloned()
            .collect()
    }

    /// Numbers of notifications by state.
    pub fn counts(&self) -> NotificationCounts {
        lock(&self.all).counts
    }

    /// Copies of the newest of each of these orders.
    pub fn newest_of<'a>(
        &self,
        orders: impl Iterator<Item = &'a OrderKey>,
    ) -> HashMap<OrderKey, Notification> {
        let mut wanted: HashSet<&OrderKey> = orders.collect();
        let mut found = HashMap::new();
        for notification in lock(&self.all).notifications.iter().rev() {
            if wanted.is_empty() {
                break;
            }
            if let Some(order) = &notification.order
                && wanted.remove(order)
            {
                found.insert(order.clone(), notification.as_ref().clone());
            }
        }
        found
    }

    /// Copies of the newest that are wanted, the newest first.
    pub fn latest(&self, limit: usize, is_wanted: impl Fn(&Notification) -> bool) -> Vec<Notification> {
        let all = lock(&self.all);
        let wanted = all
            .notifications
            .iter()
            .rev()
            .map(AsRef::as_ref)
            .filter(|notification| is_wanted(notification));
        wanted.take(limit).cloned().collect()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

/// Numbers of notifications by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotificationCounts {
    /// With attempts to come.
    pub pending: usize,
    /// Acknowledged by the receiver.
    pub acknowledged: usize,
    /// Without further attempts.
    pub given_up: usize,
}

impl NotificationCounts {
    const fn of(&mut self, state: NotificationState) -> &mut usize {
        match state {
            NotificationState::Pending => &mut self.pending,
            NotificationState::Acknowledged => &mut self.acknowledged,
            NotificationState::GivenUp => &mut self.given_up,
        }
    }

    fn add(&mut self, state: NotificationState) {
        let count = self.of(state);
        *count = count.saturating_add(1);
    }

    fn subtract(&mut self, state: NotificationState) {
        let count = self.of(state);
        *count = count.saturating_sub(1);
    }
}

/// The newest notifications, and what was sent of the newest attempts.
///
/// A notification is changed by [`Kept::change`] alone, so the counts always agree.
#[derive(Default)]
struct Kept {
    notifications: VecDeque<Box<Notification>>,
    /// Number of the oldest.
    first: u64,
    by_id: HashMap<String, u64>,
    counts: NotificationCounts,
    /// Attempts whose bytes are kept: number of the notification, place among its attempts, length.
    sent: VecDeque<(u64, usize, usize)>,
    sent_bytes: usize,
    /// Counts how often all was forgotten.
    world: u64,
}

impl Kept {
    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    fn get(&self, id: &str) -> Option<&Notification> {
        let place = self.place(*self.by_id.get(id)?)?;
        self.notifications.get(place).map(AsRef::as_ref)
    }

    /// Changes a notification; the counts follow.
    fn change<T>(&mut self, id: &str, change: impl FnOnce(&mut Notification) -> T) -> Option<T> {
        let place = self.place(*self.by_id.get(id)?)?;
        let notification = self.notifications.get_mut(place)?;
        self.counts.subtract(notification.state);
        let result = change(notification);
        self.counts.add(notification.state);
        Some(result)
    }

    /// Returns true if the one that this is a copy of was not forgotten.
    fn knows(&self, copy: &Notification) -> bool {
        copy.world == self.world && self.by_id.contains_key(&copy.id)
    }

    /// Takes all of a snapshot, and counts what they hold.
    fn fill(&mut self, notifications: Vec<Notification>) {
        let mut sent = Vec::new();
        for notification in notifications {
            let number = self.push(notification);
            let attempts = self
                .notifications
                .back()
                .map(|notification| &notification.attempts);
            for (place, attempt) in attempts.into_iter().flatten().enumerate() {
                let length = attempt.weight();
                self.sent_bytes = self.sent_bytes.saturating_add(length);
                sent.push((attempt.at, (number, place, length)));
            }
        }
        sent.sort_by_key(|(at, _)| *at);
        self.sent = sent.into_iter().map(|(_, sent)| sent).collect();
        self.forget_sent();
    }

    /// Keeps a notification as the newest and returns its number here.
    fn push(&mut self, mut notification: Notification) -> u64 {
        notification.world = self.world;
        let length = u64::try_from(self.notifications.len()).unwrap_or(u64::MAX);
        let number = self.first.saturating_add(length);
        self.by_id.insert(notification.id.clone(), number);
        self.counts.add(notification.state);
        self.notifications.push_back(Box::new(notification));
        if self.notifications.len() > CAPACITY
            && let Some(oldest) = self.notifications.pop_front()
        {
            if self.by_id.get(&oldest.id) == Some(&self.first) {
                self.by_id.remove(&oldest.id);
            }
            self.counts.subtract(oldest.state);
            self.first = self.first.saturating_add(1);
        }
        number
    }

    fn record(&mut self, notification: &Notification, attempt: &Attempt) -> Option<usize> {
        if !self.knows(notification) {
            return None;
        }
        let of_it = *self.by_id.get(&notification.id)?;
        let (place, number) = self.change(&notification.id, |notification| {
            let place = notification.attempts.len();
            notification.attempts.push(attempt.clone());
            if attempt.is_acknowledged() {
                notification.state = NotificationState::Acknowledged;
            }
            let genuine = notification.attempts.iter().filter(|attempt| !attempt.is_forged);
            (place, genuine.count())
        })?;
        let length = attempt.weight();
        self.sent_bytes = self.sent_bytes.saturating_add(length);
        self.sent.push_back((of_it, place, length));
        self.forget_sent();
        Some(number)
    }

    fn forget_sent(&mut self) {
        while self.sent_bytes > MAX_SENT {
            let Some((number, place, length)) = self.sent.pop_front() else {
                return;
            };
            self.sent_bytes = self.sent_bytes.saturating_sub(length);
            let notification = self
                .place(number)
                .and_then(|place| self.notifications.get_mut(place));
            if let Some(attempt) = notification.and_then(|notification| notification.attempts.get_mut(place))
            {
                attempt.sent = None;
                attempt.reply = Bytes::new();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(number: usize) -> Notification {
        Notification {
            id: number.to_string(),
            mchid: String::new(),
            out_trade_no: String::new(),
            subject: String::new(),
            event_type: "TRANSACTION.SUCCESS".into(),
            notify_url: String::new(),
            created_at: 0,
            state: NotificationState::Pending,
            attempts: Vec::new(),
            resource: String::new(),
            faults: Vec::new(),
            order: None,
            original_type: "resource".into(),
            associated_data: "transaction".into(),
            summary: "paid".into(),
            is_parked: false,
            number: 0,
            turns: 0,
            world: 0,
        }
    }

    #[test]
    fn counts_and_ids_are_those_of_a_walk() {
        const STATES: [NotificationState; 3] = [
            NotificationState::Pending,
            NotificationState::Acknowledged,
            NotificationState::GivenUp,
        ];
        let check = |kept: &Kept| {
            let mut counts = NotificationCounts::default();
            for notification in &kept.notifications {
                counts.add(notification.state);
                assert!(
                    kept.get(&notification.id)
                        .is_some_and(|found| found.id == notification.id)
                );
            }
            assert_eq!(
                (kept.counts, kept.by_id.len()),
                (counts, kept.notifications.len())
            );
        };
        let mut kept = Kept::default();
        for number in 0..CAPACITY + 100 {
            kept.push(notification(number));
            let changed = (number / 2).to_string();
            kept.change(&changed, |notification| notification.state = STATES[number % 3]);
        }
        check(&kept);
        assert!(kept.get("99").is_none() && kept.get("100").is_some());
        let all = kept
            .notifications
            .iter()
            .map(|notification| notification.as_ref().clone());
        let mut restored = Kept::default();
        restored.fill(all.collect());
        check(&restored);
        assert_eq!(restored.counts, kept.counts);
    }
}

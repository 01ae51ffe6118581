//! Scheduled events and their times.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use serde::{Deserialize, Serialize};

use tokio::sync::Notify;

use super::{Day, Moment, Source};
use crate::world::{
    lock, orders::key::OrderKey, records::state::RecordKey, refunds::state::RefundKey,
    sharing::state::ShareKey, withdrawals::state::WithdrawalKey,
};

/// Moot events are looked for when there are more than this.
const PRUNED_FROM: usize = 100_000;

/// Something that is to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Due {
    /// The next attempt at a notification, which is the `retry`-th one to follow the first.
    Notify {
        /// Id of the notification.
        id: String,
        /// Number of the retry, 0 for the first attempt.
        retry: usize,
    },
    /// A notification has waited long enough for another one.
    Unpark(String),
    /// Somebody should have asked for a paid order by now.
    MissedQuery(OrderKey),
    /// An unpaid order has got too old.
    CloseOrder(OrderKey),
    /// The bills of that day are there.
    BillsReady(Day),
    /// The money of a share arrives at those that still wait for it.
    SettleShare(ShareKey),
    /// The money of a return arrives.
    SettleReturn(ShareKey),
    /// The money of a withdrawal arrives.
    SettleWithdrawal(WithdrawalKey),
    /// A record takes the step that follows from a state by itself.
    Proceed {
        /// Key of the record.
        key: RecordKey,
        /// State in which this was scheduled.
        from: String,
    },
    /// The money of a sub-merchant goes to another account from now on.
    ChangeSettlement(String),
    /// The money of a refund arrives, if that round is still pending.
    SettleRefund {
        /// Key of the refund.
        key: RefundKey,
        /// Number of times the money was sent when this was scheduled.
        round: u32,
    },
}

/// All scheduled events, the earliest first; simultaneous ones in order of insertion.
pub struct Agenda {
    source: Source,
    entries: Mutex<Entries>,
    /// Something was put in, something is done, or the clock was turned.
    pub(crate) changed: Notify,
    /// The same for those who wait until nothing is left to do.
    pub(crate) settled: Notify,
}

debug_only!(Agenda {});

#[derive(Default)]
struct Entries {
    due: BTreeMap<(Moment, u64), Due>,
    count: u64,
    /// Number of events that were left by the last [`prune`](Agenda::prune).
    left: usize,
    /// Events taken out and not done yet; `None` if a restore made them void.
    under_way: BTreeMap<u64, Option<(Moment, Due)>>,
}

/// Whoever takes something out of the agenda holds this until it is done.
pub(crate) struct Ticket(u64);

/// Something that is to happen, as a snapshot has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planned {
    /// Time after the snapshot, in microseconds.
    after_us: u64,
    due: Due,
}

/// The driver's next step.
pub(crate) enum Next {
    /// This.
    Do(Ticket, Due),
    /// To wait so long, or until something changes.
    Wait(Option<Duration>),
}

impl Agenda {
    pub(crate) fn new(source: Source) -> Self {
        Self {
            source,
            entries: Mutex::default(),
            changed: Notify::new(),
            settled: Notify::new(),
        }
    }

    /// Scheduled events in order. Those under way are repeated.
    pub(crate) fn saved(&self) -> Vec<Planned> {
        let now = self.source.now();
        let entries = lock(&self.entries);
        let under_way = entries.under_way.iter();
        let mut all: Vec<((Moment, u64), &Due)> = under_way
            .filter_map(|(number, entry)| entry.as_ref().map(|(at, due)| ((*at, *number), due)))
            .chain(entries.due.iter().map(|(place, due)| (*place, due)))
            .collect();
        all.sort_by_key(|(place, _)| *place);
        all.into_iter()
            .map(|((at, _), due)| Planned {
                after_us: u64::try_from(at.since(now).as_micros()).unwrap_or(u64::MAX),
                due: due.clone(),
            })
            .collect()
    }

    /// Replaces the schedule by a saved one; `elapsed` of each wait is over.
    pub(crate) fn restore(&self, planned: Vec<Planned>, elapsed: Duration) {
        self.clear();
        let now = self.source.now();
        let mut entries = lock(&self.entries);
        for Planned { after_us, due } in planned {
            let wait = Duration::from_micros(after_us).saturating_sub(elapsed);
            entries.put(now.after(wait), due);
        }
        drop(entries);
        self.changed.notify_one();
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// Clears the schedule. Events under way end without successors.
    pub(crate) fn clear(&self) {
        let mut entries = lock(&self.entries);
        entries.due.clear();
        entries.under_way.values_mut().for_each(|due| *due = None);
        drop(entries);
        self.changed.notify_one();
        self.settled.notify_waiters();
    }

    /// Returns true if time passes only when the clock is turned.
    pub fn is_manual(&self) -> bool {
        self.source.is_manual()
    }

    /// Returns true if time passes by itself and may be turned forward.
    pub fn is_adjustable(&self) -> bool {
        self.source.is_adjustable()
    }

    /// Speed relative to the machine's clock; 0 for a manual clock.
    pub fn factor(&self) -> f64 {
        self.source.factor()
    }

    /// The next events and the time until each, the earliest first.
    pub fn upcoming(&self, limit: usize) -> Vec<(Duration, Due)> {
        let now = self.source.now();
        let entries = lock(&self.entries);
        let upcoming = entries.due.iter().take(limit);
        upcoming
            .map(|((at, _), due)| (at.since(now), due.clone()))
            .collect()
    }

    /// Schedules an event; without a wait it follows everything earlier.
    pub(crate) fn after(&self, wait: Duration, due: Due) {
        // What waits for ever need not wait here.
        if wait == Duration::MAX {
            return;
        }
        let at = self.source.now().after(wait);
        lock(&self.entries).put(at, due);
        self.changed.notify_one();
    }

    /// Takes out what is due. Whoever takes it says [`done`](Self::done) afterwards.
    pub(crate) fn next(&self) -> Next {
        let now = self.source.now();
        let mut entries = lock(&self.entries);
        match entries.due.first_entry() {
            Some(entry) if entry.key().0 <= now => {
                let ((at, number), due) = entry.remove_entry();
                entries.under_way.insert(number, Some((at, due.clone())));
                Next::Do(Ticket(number), due)
            }
            Some(entry) => Next::Wait(self.source.real(entry.key().0.since(now))),
            None => Next::Wait(None),
        }
    }

    /// Forgets moot events, once there are twice as many as were left the last time.
    pub(crate) fn prune(&self, is_moot: impl Fn(&Due) -> bool) {
        let mut entries = lock(&self.entries);
        if entries.due.len() <= PRUNED_FROM.max(entries.left.saturating_mul(2)) {
            return;
        }
        let due = entries.due.clone();
        // The answers need locks of others.
        drop(entries);
        let moot = due.into_iter().filter(|(_, due)| is_moot(due));
        let moot: Vec<(Moment, u64)> = moot.map(|(place, _)| place).collect();
        entries = lock(&self.entries);
        for place in moot {
            entries.due.remove(&place);
        }
        entries.left = entries.due.len();
    }

    /// Returns true if the event still has to be done.
    pub(crate) fn holds(&self, ticket: &Ticket) -> bool {
        matches!(lock(&self.entries).under_way.get(&ticket.0), Some(Some(_)))
    }

    /// Completes an event and schedules its successors in one step.
    ///
    /// An observer sees one of the two states.
    pub(crate) fn done(&self, Ticket(number): Ticket, follows: Option<(Duration, Due)>) {
        let now = self.source.now();
        let mut entries = lock(&self.entries);
        if let (Some(Some(_)), Some((wait, due))) = (entries.under_way.remove(&number), follows) {
            entries.put(now.after(wait), due);
        }
        drop(entries);
        self.changed.notify_one();
        self.settled.notify_waiters();
    }

    /// Returns true if nothing is due and nothing is being done.
    pub(crate) fn is_idle(&self) -> bool {
        let now = self.source.now();
        let entries = lock(&self.entries);
        entries.under_way.is_empty() && entries.due.first_key_value().is_none_or(|((at, _), _)| *at > now)
    }

    /// When the next thing is to happen.
    pub(crate) fn next_moment(&self) -> Option<Moment> {
        lock(&self.entries).due.first_key_value().map(|((at, _), _)| *at)
    }
}

impl Entries {
    fn put(&mut self, at: Moment, due: Due) {
        let number = self.count;
        self.count = number.wrapping_add(1);
        self.due.insert((at, number), due);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Manual, *};

    fn notify(id: &str) -> Due {
        Due::Notify {
            id: id.to_owned(),
            retry: 0,
        }
    }

    fn take(agenda: &Agenda) -> Option<(Ticket, Due)> {
        match agenda.next() {
            Next::Do(ticket, due) => Some((ticket, due)),
            Next::Wait(_) => None,
        }
    }

    #[test]
    fn moot_events_are_forgotten_when_there_are_many() {
        let agenda = Agenda::new(Source::Manual(Manual::new(0)));
        for number in 0..=PRUNED_FROM {
            agenda.after(Duration::from_secs(1), notify(&number.to_string()));
            agenda.prune(|due| *due != notify("7"));
        }
        let left: Vec<Due> = agenda.upcoming(2).into_iter().map(|(_, due)| due).collect();
        assert_eq!(left, [notify("7")]);
    }

    #[test]
    fn things_happen_in_their_order_and_not_before_their_time() {
        let manual = Manual::new(0);
        let agenda = Agenda::new(Source::Manual(manual.clone()));
        agenda.after(Duration::from_secs(2), notify("later"));
        agenda.after(Duration::ZERO, notify("first"));
        agenda.after(Duration::ZERO, notify("second"));
        agenda.after(Duration::MAX, notify("never"));
        assert!(!agenda.is_idle());
        let (first, due) = take(&agenda).unwrap();
        assert_eq!(due, notify("first"));
        let (second, due) = take(&agenda).unwrap();
        assert_eq!(due, notify("second"));
        assert!(take(&agenda).is_none());
        assert!(!agenda.is_idle(), "two things are under way");
        agenda.done(first, None);
        agenda.done(second, Some((Duration::from_secs(1), notify("third"))));
        assert!(agenda.is_idle());
        manual.turn_to(agenda.next_moment().unwrap());
        let (third, due) = take(&agenda).unwrap();
        assert_eq!(due, notify("third"));
        agenda.done(third, None);
        let next = agenda.next_moment().unwrap();
        assert_eq!(next, Moment::of_second(2));
        manual.turn_to(next);
        assert!(!agenda.is_idle());
        let (later, due) = take(&agenda).unwrap();
        assert_eq!(due, notify("later"));
        agenda.done(later, None);
        assert_eq!(agenda.next_moment(), None);
    }

    #[test]
    fn nothing_follows_from_what_was_forgotten() {
        let agenda = Agenda::new(Source::Manual(Manual::new(0)));
        agenda.after(Duration::ZERO, notify("first"));
        let (ticket, _) = take(&agenda).unwrap();
        assert!(agenda.holds(&ticket));
        agenda.clear();
        assert!(!agenda.holds(&ticket) && !agenda.is_idle());
        agenda.done(ticket, Some((Duration::ZERO, notify("again"))));
        assert!(agenda.is_idle() && agenda.next_moment().is_none());
    }
}

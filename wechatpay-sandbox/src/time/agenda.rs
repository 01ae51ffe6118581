//! What is to happen, and when.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use serde::{Deserialize, Serialize};

use tokio::sync::Notify;

use super::{Day, Moment, Source};
use crate::state::{lock, order::OrderKey, refund::RefundKey, share::ShareKey, withdrawal::WithdrawalKey};

/// Something that is to happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Due {
    /// The next attempt at a notification, which is the `retry`-th one to follow the first.
    Notify { id: String, retry: usize },
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
    /// The money of a sub-merchant goes to another account from now on.
    ChangeSettlement(String),
    /// The money of a refund arrives, if it is still on the way of that round.
    SettleRefund { key: RefundKey, round: u32 },
}

/// All that is to happen, the earliest first; what stands at the same moment happens in the order it was put there.
pub(crate) struct Agenda {
    source: Source,
    entries: Mutex<Entries>,
    /// Something was put in, something is done, or the clock was turned.
    pub(super) changed: Notify,
    /// The same for those who wait until nothing is left to do.
    pub(super) settled: Notify,
}

#[derive(Default)]
struct Entries {
    due: BTreeMap<(Moment, u64), Due>,
    count: u64,
    under_way: usize,
}

/// What the driver is to do next.
pub(super) enum Next {
    /// This.
    Do(Due),
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

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// Nothing of what was to happen will. What is under way ends.
    pub(crate) fn clear(&self) {
        lock(&self.entries).due.clear();
        self.changed.notify_one();
        self.settled.notify_waiters();
    }

    pub(crate) fn is_manual(&self) -> bool {
        self.source.manual().is_some()
    }

    /// What is to happen next, and how long from now, the earliest first.
    pub(crate) fn upcoming(&self, limit: usize) -> Vec<(Duration, Due)> {
        let now = self.source.now();
        let entries = lock(&self.entries);
        let upcoming = entries.due.iter().take(limit);
        upcoming
            .map(|((at, _), due)| (at.since(now), due.clone()))
            .collect()
    }

    /// Puts something in. With no wait it happens as soon as nobody is busy with something earlier.
    pub(crate) fn after(&self, wait: Duration, due: Due) {
        // What waits for ever need not wait here.
        if wait == Duration::MAX {
            return;
        }
        let at = self.source.now().after(wait);
        let mut entries = lock(&self.entries);
        let number = entries.count;
        entries.count = number.wrapping_add(1);
        entries.due.insert((at, number), due);
        drop(entries);
        self.changed.notify_one();
    }

    /// Takes out what is due. Whoever takes it says [`done`](Self::done) afterwards.
    pub(super) fn next(&self) -> Next {
        let now = self.source.now();
        let mut entries = lock(&self.entries);
        match entries.due.first_entry() {
            Some(entry) if entry.key().0 <= now => {
                let due = entry.remove();
                entries.under_way = entries.under_way.saturating_add(1);
                Next::Do(due)
            }
            Some(entry) if self.source.manual().is_none() => Next::Wait(Some(entry.key().0.since(now))),
            _ => Next::Wait(None),
        }
    }

    pub(super) fn done(&self) {
        let mut entries = lock(&self.entries);
        entries.under_way = entries.under_way.saturating_sub(1);
        drop(entries);
        self.settled.notify_waiters();
    }

    /// Whether nothing is due and nothing is being done.
    pub(super) fn is_idle(&self) -> bool {
        let now = self.source.now();
        let entries = lock(&self.entries);
        entries.under_way == 0 && entries.due.first_key_value().is_none_or(|((at, _), _)| *at > now)
    }

    /// When the next thing is to happen.
    pub(super) fn next_moment(&self) -> Option<Moment> {
        lock(&self.entries).due.first_key_value().map(|((at, _), _)| *at)
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

    fn take(agenda: &Agenda) -> Option<Due> {
        match agenda.next() {
            Next::Do(due) => Some(due),
            Next::Wait(_) => None,
        }
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
        assert_eq!(take(&agenda), Some(notify("first")));
        assert_eq!(take(&agenda), Some(notify("second")));
        assert_eq!(take(&agenda), None);
        assert!(!agenda.is_idle(), "two things are under way");
        agenda.done();
        agenda.done();
        assert!(agenda.is_idle());
        let next = agenda.next_moment().unwrap();
        assert_eq!(next, manual.moment_of(2));
        manual.turn_to(next);
        assert!(!agenda.is_idle());
        assert_eq!(take(&agenda), Some(notify("later")));
        agenda.done();
        assert_eq!(agenda.next_moment(), None);
    }
}

//! Accounts of merchants and sub-merchants: every movement of money, the oldest first.
//!
//! Balances are sums, and fund bills are extracts.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, VecDeque},
    fmt,
    sync::Mutex,
};

use serde::{Deserialize, Serialize};

use crate::world::clock::Day;
use crate::world::lock;

/// More movements than this, and bills miss the oldest. Balances do not.
const CAPACITY: usize = 200_000;

/// An account of a merchant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Account {
    /// The account for payments (基本账户).
    Basic,
    /// The account for refunds in advance and the like (运营账户).
    Operation,
    /// The account for fees (手续费账户).
    Fees,
    /// The account for deposits (保证金账户).
    Deposit,
}

impl Account {
    /// As `account_type` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "BASIC",
            Self::Operation => "OPERATION",
            Self::Fees => "FEES",
            Self::Deposit => "DEPOSIT",
        }
    }

    /// The account of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Basic, Self::Operation, Self::Fees, Self::Deposit]
            .into_iter()
            .find(|account| account.as_str() == name)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Description of a movement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Movement {
    /// The merchant or sub-merchant whose money it is.
    pub(crate) owner: String,
    pub(crate) account: Account,
    pub(crate) at: i64,
    /// In fen; below zero it goes out.
    pub(crate) amount: i64,
    /// The platform's number of the cause.
    pub(crate) business_no: String,
    /// Name and kind, as bills word them.
    pub(crate) name: Cow<'static, str>,
    pub(crate) kind: Cow<'static, str>,
    pub(crate) applicant: String,
    pub(crate) note: String,
    /// The merchant's number of the cause.
    pub(crate) voucher: String,
}

/// A movement that took place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) movement: Movement,
    pub(crate) flow_no: String,
    /// Balance after the movement.
    pub(crate) balance: i64,
}

#[derive(Default)]
pub(crate) struct Ledger(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    entries: VecDeque<Entry>,
    /// Number of the oldest entry.
    first: u64,
    /// Numbers of the first and the last entry of each day.
    ///
    /// Entries of other days may stand between.
    days: BTreeMap<Day, (u64, u64)>,
    balances: HashMap<(String, Account), i64>,
    count: u64,
}

/// All of it, as a snapshot has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedLedger {
    pub(crate) entries: Vec<Entry>,
    balances: Vec<(String, Account, i64)>,
    count: u64,
}

impl Ledger {
    pub(crate) fn saved(&self) -> SavedLedger {
        let ledger = lock(&self.0);
        let mut balances: Vec<_> = ledger
            .balances
            .iter()
            .map(|((owner, account), balance)| (owner.clone(), *account, *balance))
            .collect();
        balances.sort_by(|first, second| (&first.0, first.1.as_str()).cmp(&(&second.0, second.1.as_str())));
        SavedLedger {
            entries: ledger.entries.iter().cloned().collect(),
            balances,
            count: ledger.count,
        }
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: SavedLedger) {
        let balances = saved.balances.into_iter();
        let mut ledger = Entries {
            balances: balances
                .map(|(owner, account, balance)| ((owner, account), balance))
                .collect(),
            count: saved.count,
            ..Entries::default()
        };
        for entry in saved.entries {
            ledger.push(entry);
        }
        *lock(&self.0) = ledger;
    }

    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Entries::default();
    }

    pub(crate) fn add(&self, movement: Movement) {
        let mut ledger = lock(&self.0);
        ledger.count = ledger.count.wrapping_add(1);
        let date = Day::of(movement.at).to_string().replace('-', "");
        let balance = ledger
            .balances
            .entry((movement.owner.clone(), movement.account))
            .or_default();
        *balance = balance.saturating_add(movement.amount);
        let balance = *balance;
        let entry = Entry {
            flow_no: format!("4200{date}{:016}", ledger.count),
            balance,
            movement,
        };
        ledger.push(entry);
    }

    /// Balance of the account.
    pub(crate) fn balance(&self, owner: &str, account: Account) -> i64 {
        lock(&self.0)
            .balances
            .get(&(owner.to_owned(), account))
            .copied()
            .unwrap_or_default()
    }

    /// Balance of the account at the end of that day.
    pub(crate) fn balance_after(&self, owner: &str, account: Account, day: Day) -> i64 {
        let ledger = lock(&self.0);
        let end = day.next().start();
        let last = ledger.days.range(..=day).map(|(_, (_, last))| *last).max();
        ledger
            .between(last.map(|last| (ledger.first, last)))
            .rev()
            .filter(|entry| entry.movement.at < end)
            .find(|entry| entry.is_of(owner, account))
            .map_or(0, |entry| entry.balance)
    }

    /// The movements of a day that `is_wanted`, the oldest first.
    pub(crate) fn of_day(&self, day: Day, is_wanted: impl Fn(&Movement) -> bool) -> Vec<Entry> {
        let (start, end) = (day.start(), day.next().start());
        let ledger = lock(&self.0);
        ledger
            .between(ledger.days.get(&day).copied())
            .filter(|entry| (start..end).contains(&entry.movement.at) && is_wanted(&entry.movement))
            .cloned()
            .collect()
    }

    /// Returns true if there was a movement on that day that `is_wanted`.
    pub(crate) fn has_of_day(&self, day: Day, is_wanted: impl Fn(&Movement) -> bool) -> bool {
        let (start, end) = (day.start(), day.next().start());
        let ledger = lock(&self.0);
        ledger
            .between(ledger.days.get(&day).copied())
            .any(|entry| (start..end).contains(&entry.movement.at) && is_wanted(&entry.movement))
    }
}

impl Entries {
    fn push(&mut self, entry: Entry) {
        let length = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        let number = self.first.saturating_add(length);
        self.days
            .entry(Day::of(entry.movement.at))
            .or_insert((number, number))
            .1 = number;
        self.entries.push_back(entry);
        if self.entries.len() > CAPACITY {
            self.entries.pop_front();
            self.first = self.first.saturating_add(1);
            let first = self.first;
            self.days.retain(|_, (_, last)| *last >= first);
        }
    }

    /// The entries from one number to another, both included.
    fn between(&self, numbers: Option<(u64, u64)>) -> impl DoubleEndedIterator<Item = &Entry> {
        let place = |number: u64| usize::try_from(number.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let places = numbers.map_or(0..0, |(first, last)| place(first)..place(last).saturating_add(1));
        self.entries.range(places)
    }
}

impl Entry {
    fn is_of(&self, owner: &str, account: Account) -> bool {
        self.movement.account == account && self.movement.owner == owner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(owner: &str, at: i64, amount: i64) -> Movement {
        Movement {
            owner: owner.to_owned(),
            account: Account::Basic,
            at,
            amount,
            business_no: String::new(),
            name: "交易".into(),
            kind: "交易".into(),
            applicant: String::new(),
            note: String::new(),
            voucher: String::new(),
        }
    }

    #[test]
    fn days_are_found_when_the_oldest_movements_are_gone() {
        let ledger = Ledger::default();
        let day = Day::of(1_704_083_696);
        ledger.add(movement("1", day.start(), 5));
        ledger.add(movement("1", day.next().start(), 7));
        // Two threads may enter midnight in another order.
        ledger.add(movement("1", day.start(), 5));
        let amounts = |day| -> Vec<i64> {
            let entries = ledger.of_day(day, |_| true);
            entries.iter().map(|entry| entry.movement.amount).collect()
        };
        assert_eq!(amounts(day), [5, 5]);
        assert_eq!(amounts(day.next()), [7]);
        ledger.restore(ledger.saved());
        assert_eq!(amounts(day), [5, 5]);
        for _ in 0..CAPACITY - 1 {
            ledger.add(movement("2", day.next().start(), 1));
        }
        assert_eq!(amounts(day), [5]);
        assert_eq!(ledger.balance_after("1", Account::Basic, day), 17);
        ledger.add(movement("2", day.next().start(), 1));
        assert!(amounts(day).is_empty() && !ledger.has_of_day(day, |_| true));
        assert_eq!(ledger.balance_after("1", Account::Basic, day), 0);
        assert_eq!(lock(&ledger.0).days.len(), 1);
    }

    #[test]
    fn balances_run_per_owner_and_day() {
        let ledger = Ledger::default();
        let day = Day::of(1_704_083_696);
        ledger.add(movement("1", day.start(), 500));
        ledger.add(movement("2", day.start(), 70));
        ledger.add(movement("1", day.next().start(), -200));
        assert_eq!(ledger.balance("1", Account::Basic), 300);
        assert_eq!(ledger.balance("2", Account::Basic), 70);
        assert_eq!(ledger.balance("1", Account::Operation), 0);
        assert_eq!(ledger.balance_after("1", Account::Basic, day.previous()), 0);
        assert_eq!(ledger.balance_after("1", Account::Basic, day), 500);
        assert_eq!(ledger.balance_after("1", Account::Basic, day.next()), 300);
        let of_day = ledger.of_day(day, |movement| movement.owner == "1");
        assert_eq!(of_day.len(), 1);
        assert_eq!(of_day[0].flow_no, "4200202401010000000000000001");
    }
}

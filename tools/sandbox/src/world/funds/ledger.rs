//! Accounts of merchants and sub-merchants: every movement of money, the oldest first.
//!
//! Balances are sums, and fund bills are extracts.

use std::{
    borrow::Cow,
    collections::{HashMap, VecDeque},
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
        *lock(&self.0) = Entries {
            entries: saved.entries.into(),
            balances: balances
                .map(|(owner, account, balance)| ((owner, account), balance))
                .collect(),
            count: saved.count,
        };
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
        ledger.entries.push_back(entry);
        if ledger.entries.len() > CAPACITY {
            ledger.entries.pop_front();
        }
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
        let end = day.next().start();
        lock(&self.0)
            .entries
            .iter()
            .rev()
            .filter(|entry| entry.movement.at < end)
            .find(|entry| entry.is_of(owner, account))
            .map_or(0, |entry| entry.balance)
    }

    /// The movements of a day that `is_wanted`, the oldest first.
    pub(crate) fn of_day(&self, day: Day, is_wanted: impl Fn(&Movement) -> bool) -> Vec<Entry> {
        let (start, end) = (day.start(), day.next().start());
        lock(&self.0)
            .entries
            .iter()
            .filter(|entry| (start..end).contains(&entry.movement.at) && is_wanted(&entry.movement))
            .cloned()
            .collect()
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

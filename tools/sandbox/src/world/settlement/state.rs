//! Settlement accounts of sub-merchants, and applications to change them.

use std::{collections::BTreeMap, sync::Mutex};

use serde::{Deserialize, Serialize};

use crate::world::lock;

/// An account, its number in the clear; so it has no `Debug`.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct BankAccount {
    pub(crate) account_type: String,
    pub(crate) account_bank: String,
    pub(crate) bank_name: Option<String>,
    pub(crate) bank_branch_id: Option<String>,
    pub(crate) account_number: String,
    pub(crate) account_name: Option<String>,
}

/// An application for another account.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) sub_mchid: String,
    pub(crate) account: BankAccount,
    pub(crate) created_at: i64,
    pub(crate) finished_at: Option<i64>,
}

/// More applications than this, and the oldest are forgotten.
const CAPACITY: usize = 10_000;

#[derive(Default)]
pub(crate) struct Settlements(Mutex<SettlementTable>);

/// Accounts and applications, in memory and in a snapshot.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettlementTable {
    accounts: BTreeMap<String, BankAccount>,
    changes: BTreeMap<String, Change>,
}

impl Settlements {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = SettlementTable::default();
    }

    pub(crate) fn saved(&self) -> SettlementTable {
        lock(&self.0).clone()
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: SettlementTable) {
        *lock(&self.0) = saved;
    }

    /// The account of a sub-merchant, if it was ever named.
    pub(crate) fn account(&self, sub_mchid: &str) -> Option<BankAccount> {
        lock(&self.0).accounts.get(sub_mchid).cloned()
    }

    /// Names the account of a sub-merchant.
    pub(crate) fn set(&self, sub_mchid: &str, account: BankAccount) {
        lock(&self.0).accounts.insert(sub_mchid.to_owned(), account);
    }

    /// Takes an application, unless there are `limit` since `since` already.
    pub(crate) fn apply(&self, application_no: String, change: Change, since: i64, limit: usize) -> bool {
        let mut table = lock(&self.0);
        let count = table
            .changes
            .values()
            .filter(|known| known.sub_mchid == change.sub_mchid && known.created_at >= since)
            .count();
        if count >= limit {
            return false;
        }
        table.changes.insert(application_no, change);
        if table.changes.len() > CAPACITY {
            // Their numbers begin with the day.
            table.changes.pop_first();
        }
        true
    }

    pub(crate) fn change(&self, application_no: &str) -> Option<Change> {
        lock(&self.0).changes.get(application_no).cloned()
    }

    /// The application is through: the account is the new one.
    pub(crate) fn finish(&self, application_no: &str, now: i64) {
        let mut table = lock(&self.0);
        let Some(change) = table.changes.get_mut(application_no) else {
            return;
        };
        change.finished_at = Some(now);
        let change = change.clone();
        table.accounts.insert(change.sub_mchid, change.account);
    }
}

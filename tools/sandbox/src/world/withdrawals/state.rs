//! Withdrawals: money on its way from an account to a bank.

use std::{collections::HashMap, fmt, sync::Mutex};

use serde::{Deserialize, Serialize};

use crate::world::{body::Body, funds::ledger::Account, kept::Kept, lock};

/// More withdrawals than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;

/// State of a withdrawal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WithdrawalState {
    /// Accepted; the money is on its way.
    CreateSuccess,
    /// The bank has it.
    Success,
    /// It failed, and the money is back.
    Fail,
    /// The bank sent it back (退票).
    Refund,
    /// Closed, and the money is back.
    Close,
}

impl WithdrawalState {
    /// As `status` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreateSuccess => "CREATE_SUCCESS",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Refund => "REFUND",
            Self::Close => "CLOSE",
        }
    }

    /// Returns true if the state may follow.
    ///
    /// A successful withdrawal may still be returned; a returned one stays so.
    fn leads_to(self, to: Self) -> bool {
        match self {
            Self::CreateSuccess => to != Self::CreateSuccess && to != Self::Refund,
            Self::Success => to == Self::Refund,
            Self::Fail | Self::Refund | Self::Close => false,
        }
    }
}

impl fmt::Display for WithdrawalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a withdrawal did not change its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum WithdrawalError {
    /// There is no such withdrawal.
    #[error("there is no such withdrawal")]
    NoSuchWithdrawal,
    /// No way leads from the one state to the other.
    #[error("a withdrawal does not go from {from} to {to}")]
    NoWay {
        /// Current state.
        from: WithdrawalState,
        /// Requested state.
        to: WithdrawalState,
    },
}

/// Which endpoint asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WithdrawalKind {
    /// `/v3/ecommerce/fund/withdraw`.
    SubMerchant,
    /// `/v3/merchant/fund/withdraw`.
    Own,
    /// `/v3/platsolution/ecommerce/withdraw/day-end-balance-withdraw`.
    DayEnd,
}

/// Key of a withdrawal: its number is unique per calling merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WithdrawalKey {
    pub(crate) mchid: String,
    pub(crate) out_request_no: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Withdrawal {
    pub(crate) key: WithdrawalKey,
    pub(crate) kind: WithdrawalKind,
    pub(crate) withdraw_id: String,
    /// Whose money it is.
    pub(crate) owner: String,
    pub(crate) account: Account,
    pub(crate) amount: i64,
    pub(crate) request: Body,
    pub(crate) notify_url: Option<String>,
    pub(crate) state: WithdrawalState,
    pub(crate) reason: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Withdrawal {
    pub(crate) fn go(&mut self, to: WithdrawalState, now: i64) -> Result<(), WithdrawalError> {
        if !self.state.leads_to(to) {
            return Err(WithdrawalError::NoWay { from: self.state, to });
        }
        self.state = to;
        self.updated_at = now;
        Ok(())
    }

    pub(crate) fn snapshot(&self) -> WithdrawalSnapshot {
        WithdrawalSnapshot {
            mchid: self.key.mchid.clone(),
            out_request_no: self.key.out_request_no.clone(),
            withdraw_id: self.withdraw_id.clone(),
            owner: self.owner.clone(),
            account: self.account,
            amount: self.amount,
            state: self.state,
        }
    }
}

/// A withdrawal as it was when you asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WithdrawalSnapshot {
    /// The calling merchant.
    pub mchid: String,
    /// The merchant's number.
    pub out_request_no: String,
    /// The platform's number.
    pub withdraw_id: String,
    /// The merchant or sub-merchant whose money it is.
    pub owner: String,
    /// The account it is taken from.
    pub account: Account,
    /// Amount in fen.
    pub amount: i64,
    /// Its state.
    pub state: WithdrawalState,
}

#[derive(Default)]
pub(crate) struct Withdrawals(Mutex<Table>);

#[derive(Default)]
struct Table {
    withdrawals: Kept<WithdrawalKey, Withdrawal, CAPACITY>,
    by_id: HashMap<String, WithdrawalKey>,
}

impl Withdrawals {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Table::default();
    }

    /// Forgets all, and knows these instead: those of a snapshot, which are [`all`](Self::all).
    pub(crate) fn restore(&self, withdrawals: Vec<Withdrawal>) {
        self.clear();
        for withdrawal in withdrawals {
            self.add(withdrawal);
        }
    }

    /// Keeps a new one, or gives the one that has this number.
    pub(crate) fn add(&self, draft: Withdrawal) -> (Withdrawal, bool) {
        let mut table = lock(&self.0);
        if let Some(known) = table.withdrawals.get(&draft.key) {
            return (known.clone(), false);
        }
        table.by_id.insert(draft.withdraw_id.clone(), draft.key.clone());
        if let Some(oldest) = table.withdrawals.insert(draft.key.clone(), draft.clone()) {
            table.by_id.remove(&oldest.withdraw_id);
        }
        (draft, true)
    }

    /// Reads or changes one withdrawal.
    pub(crate) fn change<T>(
        &self,
        key: &WithdrawalKey,
        change: impl FnOnce(&mut Withdrawal) -> T,
    ) -> Option<T> {
        lock(&self.0).withdrawals.get_mut(key).map(change)
    }

    pub(crate) fn get(&self, key: &WithdrawalKey) -> Option<Withdrawal> {
        self.change(key, |withdrawal| withdrawal.clone())
    }

    pub(crate) fn key_of_id(&self, withdraw_id: &str) -> Option<WithdrawalKey> {
        lock(&self.0).by_id.get(withdraw_id).cloned()
    }

    /// Copies of all, the oldest first.
    pub(crate) fn all(&self) -> Vec<Withdrawal> {
        let table = lock(&self.0);
        table.withdrawals.values().cloned().collect()
    }
}

//! Transfers: money on its way from a merchant to a user who confirms it.

use std::{collections::HashMap, fmt, sync::Mutex};

use serde::{Deserialize, Serialize};

use crate::world::{body::Body, kept::Kept, lock};

/// More transfers than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;

/// State of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[non_exhaustive]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TransferState {
    /// The user may confirm.
    WaitUserConfirm,
    /// Confirmed; the money is on its way. The platform spells it with one `r`.
    #[serde(rename = "TRANSFERING")]
    Transferring,
    /// The user has the money.
    Success,
    /// It failed, and the money is back.
    Fail,
    /// The merchant cancelled it; not certain yet.
    Canceling,
    /// Cancelled, and the money is back.
    Cancelled,
}

impl TransferState {
    /// As `state` spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WaitUserConfirm => "WAIT_USER_CONFIRM",
            Self::Transferring => "TRANSFERING",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Canceling => "CANCELING",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Returns true if nothing follows.
    pub(crate) const fn is_end(self) -> bool {
        matches!(self, Self::Success | Self::Fail | Self::Cancelled)
    }

    /// Returns true if the state may follow.
    ///
    /// The user may have confirmed in the moment of a cancellation.
    fn leads_to(self, to: Self) -> bool {
        match self {
            Self::WaitUserConfirm => !matches!(to, Self::WaitUserConfirm | Self::Cancelled),
            Self::Transferring => matches!(to, Self::Success | Self::Fail),
            Self::Canceling => matches!(
                to,
                Self::Cancelled | Self::Transferring | Self::Success | Self::Fail
            ),
            Self::Success | Self::Fail | Self::Cancelled => false,
        }
    }
}

impl fmt::Display for TransferState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a transfer did not change its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// There is no such transfer.
    #[error("there is no such transfer")]
    NoSuchTransfer,
    /// No way leads from the one state to the other.
    #[error("a transfer does not go from {from} to {to}")]
    NoWay {
        /// Current state.
        from: TransferState,
        /// Requested state.
        to: TransferState,
    },
}

/// Key of a transfer: its number is unique per merchant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TransferKey {
    pub(crate) mchid: String,
    pub(crate) out_bill_no: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Transfer {
    pub(crate) key: TransferKey,
    pub(crate) transfer_bill_no: String,
    /// Package for the page in which the user confirms.
    pub(crate) package_info: String,
    pub(crate) amount: i64,
    pub(crate) request: Body,
    pub(crate) state: TransferState,
    pub(crate) fail_reason: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Transfer {
    pub(crate) fn go(&mut self, to: TransferState, now: i64) -> Result<(), TransferError> {
        if !self.state.leads_to(to) {
            return Err(TransferError::NoWay { from: self.state, to });
        }
        self.state = to;
        self.updated_at = now;
        Ok(())
    }

    pub(crate) fn snapshot(&self) -> TransferSnapshot {
        TransferSnapshot {
            mchid: self.key.mchid.clone(),
            out_bill_no: self.key.out_bill_no.clone(),
            transfer_bill_no: self.transfer_bill_no.clone(),
            amount: self.amount,
            state: self.state,
        }
    }
}

/// A transfer as it was when you asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TransferSnapshot {
    /// The merchant.
    pub mchid: String,
    /// The merchant's number.
    pub out_bill_no: String,
    /// The platform's number.
    pub transfer_bill_no: String,
    /// Amount in fen.
    pub amount: i64,
    /// Its state.
    pub state: TransferState,
}

#[derive(Default)]
pub(crate) struct Transfers(Mutex<Table>);

#[derive(Default)]
struct Table {
    transfers: Kept<TransferKey, Transfer, CAPACITY>,
    by_number: HashMap<String, TransferKey>,
}

impl Transfers {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Table::default();
    }

    /// Forgets all, and knows these instead: those of a snapshot, which are [`all`](Self::all).
    pub(crate) fn restore(&self, transfers: Vec<Transfer>) {
        self.clear();
        for transfer in transfers {
            self.add(transfer);
        }
    }

    /// Keeps a new one, or gives the one that has this number.
    pub(crate) fn add(&self, draft: Transfer) -> (Transfer, bool) {
        let mut table = lock(&self.0);
        if let Some(known) = table.transfers.get(&draft.key) {
            return (known.clone(), false);
        }
        table
            .by_number
            .insert(draft.transfer_bill_no.clone(), draft.key.clone());
        if let Some(oldest) = table.transfers.insert(draft.key.clone(), draft.clone()) {
            table.by_number.remove(&oldest.transfer_bill_no);
        }
        (draft, true)
    }

    /// Reads or changes one transfer.
    pub(crate) fn change<T>(&self, key: &TransferKey, change: impl FnOnce(&mut Transfer) -> T) -> Option<T> {
        lock(&self.0).transfers.get_mut(key).map(change)
    }

    pub(crate) fn get(&self, key: &TransferKey) -> Option<Transfer> {
        self.change(key, |transfer| transfer.clone())
    }

    pub(crate) fn key_of_number(&self, transfer_bill_no: &str) -> Option<TransferKey> {
        lock(&self.0).by_number.get(transfer_bill_no).cloned()
    }

    /// Copies of all, the oldest first.
    pub(crate) fn all(&self) -> Vec<Transfer> {
        let table = lock(&self.0);
        table.transfers.values().cloned().collect()
    }
}

//! State of the sandbox: merchants, orders, requests, lints.
//!
//! In memory, bounded, each behind its own lock, which is never held over an await.

pub(crate) mod applyment;
pub(crate) mod buyer;
pub(crate) mod combination;
pub(crate) mod ledger;
pub(crate) mod lint;
pub(crate) mod media;
pub(crate) mod merchant;
pub(crate) mod merchant_change;
pub(crate) mod merchant_form;
pub(crate) mod merchants;
pub(crate) mod order;
pub(crate) mod orders;
pub(crate) mod refund;
pub(crate) mod refunds;
pub(crate) mod request;
pub(crate) mod scene;
pub(crate) mod settlement;
pub(crate) mod share;
pub(crate) mod shares;
pub(crate) mod snapshot;
pub(crate) mod subsidy;
pub(crate) mod transaction;
pub(crate) mod withdrawal;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, even after a panic: every change here is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

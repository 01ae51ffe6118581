//! The merchants' world: state machines and rules, without HTTP, signatures, languages or pages.
//!
//! In memory, bounded, each noun behind its own lock, which is never held over an await.

pub(crate) mod applyments;
pub(crate) mod clock;
pub(crate) mod combine;
pub(crate) mod funds;
pub(crate) mod lints;
pub(crate) mod media;
pub(crate) mod merchants;
pub(crate) mod orders;
pub(crate) mod random;
pub(crate) mod refunds;
pub(crate) mod settlement;
pub(crate) mod sharing;
pub(crate) mod subsidies;
pub(crate) mod withdrawals;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, even after a panic: every change here is one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

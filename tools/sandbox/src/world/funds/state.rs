//! The accounts of all merchants.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use super::ledger::Ledger;
use crate::world::{clock::Day, lock};
/// The accounts of all merchants.
pub(crate) struct Funds {
    pub(crate) ledger: Ledger,
    /// The newest day whose bills will be announced.
    newest_bill_day: Mutex<Option<Day>>,
    /// True if accounts have the money for refunds.
    for_refunds: AtomicBool,
}

impl Default for Funds {
    fn default() -> Self {
        Self {
            ledger: Ledger::default(),
            newest_bill_day: Mutex::default(),
            for_refunds: AtomicBool::new(true),
        }
    }
}

impl Funds {
    pub(in crate::world) fn clear(&self) {
        self.ledger.clear();
        self.set_newest_bill_day(None);
        self.set_for_refunds(true);
    }

    /// Returns true if nothing was booked on this day or a later one.
    pub(super) fn is_first_of(&self, day: Day) -> bool {
        let mut newest = lock(&self.newest_bill_day);
        let is_first = newest.is_none_or(|newest| newest < day);
        if is_first {
            *newest = Some(day);
        }
        is_first
    }

    pub(crate) fn newest_bill_day(&self) -> Option<Day> {
        *lock(&self.newest_bill_day)
    }

    pub(crate) fn set_newest_bill_day(&self, day: Option<Day>) {
        *lock(&self.newest_bill_day) = day;
    }

    /// Returns true if accounts have the money for refunds.
    pub(crate) fn has_for_refunds(&self) -> bool {
        self.for_refunds.load(Ordering::Relaxed)
    }

    pub(crate) fn set_for_refunds(&self, has: bool) {
        self.for_refunds.store(has, Ordering::Relaxed);
    }
}

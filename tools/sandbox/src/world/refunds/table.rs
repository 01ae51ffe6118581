//! All refunds, and how each is found.

use std::{collections::HashMap, sync::Mutex};

use crate::world::{
    clock::Day,
    days::ByDay,
    funds::fee,
    kept::Kept,
    lock,
    orders::key::OrderKey,
    refunds::state::{Refund, RefundKey, RefundState},
};

/// More refunds than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;
/// Refunds of one order.
pub(crate) const MAX_PER_ORDER: usize = 50;

/// Why a refund was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApplyRefusal {
    /// The number exists with other values.
    Differs,
    /// More than is left of the order.
    TooMuch {
        /// Amount left, in fen.
        left: i64,
    },
    /// More than fifty.
    TooMany,
}

/// All refunds.
#[derive(Default)]
pub struct Refunds(Mutex<Table>);

debug_only!(Refunds {});

#[derive(Default)]
struct Table {
    refunds: Kept<RefundKey, Refund, CAPACITY>,
    by_id: HashMap<String, RefundKey>,
    by_order: HashMap<OrderKey, Vec<RefundKey>>,
    by_day: ByDay<RefundKey>,
}

/// A refund that was accepted.
pub(crate) struct Applied {
    pub(crate) refund: Refund,
    /// True if the refund is new, and not a repeated call.
    pub(crate) is_new: bool,
}

impl Refunds {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Table::default();
    }

    /// The refund that a call repeats.
    pub(crate) fn repeated(&self, draft: &Refund) -> Result<Option<Refund>, ApplyRefusal> {
        lock(&self.0).repeated(draft)
    }

    /// Accepts a refund, or finds the one that the call repeats.
    pub(crate) fn apply(&self, mut draft: Refund) -> Result<Applied, ApplyRefusal> {
        let mut table = lock(&self.0);
        if let Some(refund) = table.repeated(&draft)? {
            return Ok(Applied {
                refund,
                is_new: false,
            });
        }
        let of_order: Vec<&Refund> = table.of_order(&draft.order).collect();
        if of_order.len() >= MAX_PER_ORDER {
            return Err(ApplyRefusal::TooMany);
        }
        let before = sum(of_order.iter().copied());
        let left = draft.total.saturating_sub(before);
        if draft.amount > left {
            return Err(ApplyRefusal::TooMuch { left });
        }
        // Rounded so that all parts together bring back the whole fee.
        draft.fee = fee(before.saturating_add(draft.amount)).saturating_sub(fee(before));
        table.put(draft.clone());
        Ok(Applied {
            refund: draft,
            is_new: true,
        })
    }

    /// Forgets all, and knows these instead: those of a snapshot, which are [`all`](Self::all).
    pub(crate) fn restore(&self, refunds: Vec<Refund>) {
        let mut table = Table::default();
        for refund in refunds {
            table.put(refund);
        }
        *lock(&self.0) = table;
    }

    /// Reads or changes one refund.
    pub(crate) fn change<T>(&self, key: &RefundKey, change: impl FnOnce(&mut Refund) -> T) -> Option<T> {
        lock(&self.0).refunds.get_mut(key).map(change)
    }

    pub(crate) fn get(&self, key: &RefundKey) -> Option<Refund> {
        self.change(key, |refund| refund.clone())
    }

    pub(crate) fn key_of_id(&self, refund_id: &str) -> Option<RefundKey> {
        lock(&self.0).by_id.get(refund_id).cloned()
    }

    /// Key of the refund with this number: `first`'s, else the newest of any merchant.
    pub fn key_of_number(&self, first: &str, out_refund_no: &str) -> Option<RefundKey> {
        let table = lock(&self.0);
        let own = RefundKey {
            mchid: first.to_owned(),
            out_refund_no: out_refund_no.to_owned(),
        };
        if table.refunds.get(&own).is_some() {
            return Some(own);
        }
        table
            .refunds
            .keys()
            .rev()
            .find(|key| key.out_refund_no == out_refund_no)
            .cloned()
    }

    /// Those of an order, the oldest first.
    pub fn of_order(&self, order: &OrderKey) -> Vec<Refund> {
        lock(&self.0).of_order(order).cloned().collect()
    }

    /// Sum of completed and pending refunds of an order.
    pub fn sum_of(&self, order: &OrderKey) -> i64 {
        sum(lock(&self.0).of_order(order))
    }

    /// The days on which orders of this merchant were refunded, the newest first.
    pub fn days(&self, mchid: &str, limit: usize) -> Vec<Day> {
        lock(&self.0).by_day.days(mchid).take(limit).collect()
    }

    /// Returns true if an order of this merchant was refunded on that day.
    pub(crate) fn has_of_day(&self, mchid: &str, day: Day) -> bool {
        lock(&self.0).by_day.of(mchid, day).next().is_some()
    }

    /// Orders of this merchant with a refund on that day; an order may come twice.
    pub(crate) fn orders_of_day(&self, mchid: &str, day: Day) -> Vec<OrderKey> {
        let table = lock(&self.0);
        let refunds = table.by_day.of(mchid, day);
        refunds
            .filter_map(|key| Some(table.refunds.get(key)?.order.clone()))
            .collect()
    }

    /// Copies of all, the oldest first.
    pub fn all(&self) -> Vec<Refund> {
        let table = lock(&self.0);
        table.refunds.values().cloned().collect()
    }
}

/// A closed refund gives nothing back.
fn sum<'a>(refunds: impl Iterator<Item = &'a Refund>) -> i64 {
    refunds
        .filter(|refund| refund.state != RefundState::Closed)
        .map(|refund| refund.amount)
        .sum()
}

impl Table {
    fn of_order(&self, order: &OrderKey) -> impl Iterator<Item = &Refund> {
        self.by_order
            .get(order)
            .into_iter()
            .flatten()
            .filter_map(|key| self.refunds.get(key))
    }

    fn repeated(&self, draft: &Refund) -> Result<Option<Refund>, ApplyRefusal> {
        match self.refunds.get(&draft.key) {
            None => Ok(None),
            Some(known) if known.order == draft.order && known.request == draft.request => {
                Ok(Some(known.clone()))
            }
            Some(_) => Err(ApplyRefusal::Differs),
        }
    }

    fn put(&mut self, refund: Refund) {
        let key = refund.key.clone();
        self.by_id.insert(refund.refund_id.clone(), key.clone());
        self.by_day
            .add(&refund.order.mchid, refund.created_at, key.clone());
        self.by_order
            .entry(refund.order.clone())
            .or_default()
            .push(key.clone());
        if let Some(oldest) = self.refunds.insert(key, refund) {
            self.forget(&oldest);
        }
    }

    /// Removes the indices of one that is not kept any more.
    fn forget(&mut self, refund: &Refund) {
        self.by_id.remove(&refund.refund_id);
        self.by_day
            .remove(&refund.order.mchid, refund.created_at, &refund.key);
        if let Some(keys) = self.by_order.get_mut(&refund.order) {
            keys.retain(|key| *key != refund.key);
            if keys.is_empty() {
                self.by_order.remove(&refund.order);
            }
        }
    }
}

//! Subsidies: additions of a platform to orders of its sub-merchants.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::world::{body::Body, kept::Kept, lock, orders::key::OrderKey};

/// A subsidy that was paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Subsidy {
    pub(crate) subsidy_id: String,
    pub(crate) amount: i64,
    pub(crate) request: Body,
    pub(crate) at: i64,
}

/// A returned subsidy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SubsidyReturn {
    pub(crate) subsidy_refund_id: String,
    pub(crate) out_order_no: String,
    pub(crate) amount: i64,
    pub(crate) request: Body,
    pub(crate) at: i64,
}

/// History of one order's subsidy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct OfOrder {
    pub(crate) paid: Vec<Subsidy>,
    pub(crate) returned: Vec<SubsidyReturn>,
    pub(crate) is_cancelled: bool,
}

impl OfOrder {
    pub(crate) fn paid_amount(&self) -> i64 {
        self.paid.iter().map(|subsidy| subsidy.amount).sum()
    }

    /// Amount that can still be returned.
    pub(crate) fn left(&self) -> i64 {
        let returned: i64 = self.returned.iter().map(|subsidy| subsidy.amount).sum();
        self.paid_amount().saturating_sub(returned)
    }
}

/// Orders with subsidies; of more, the oldest are forgotten.
const CAPACITY: usize = 50_000;

#[derive(Default)]
pub(crate) struct Subsidies(Mutex<Kept<OrderKey, OfOrder, CAPACITY>>);

impl Subsidies {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Kept::default();
    }

    /// All, as a snapshot has them.
    pub(crate) fn saved(&self) -> Vec<(OrderKey, OfOrder)> {
        let all = lock(&self.0);
        all.iter().map(|(key, of)| (key.clone(), of.clone())).collect()
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: Vec<(OrderKey, OfOrder)>) {
        *lock(&self.0) = saved.into_iter().collect();
    }

    /// Changes an order's history, unless the change is refused.
    pub(crate) fn change<T, E>(
        &self,
        order: &OrderKey,
        change: impl FnOnce(&mut OfOrder) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut all = lock(&self.0);
        if let Some(known) = all.get_mut(order) {
            return change(known);
        }
        let mut new = OfOrder::default();
        let changed = change(&mut new)?;
        all.insert(order.clone(), new);
        Ok(changed)
    }
}

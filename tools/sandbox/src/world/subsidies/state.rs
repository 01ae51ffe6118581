//! Subsidies: additions of a platform to orders of its sub-merchants.

use std::{collections::HashMap, sync::Mutex};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::world::{lock, orders::key::OrderKey};

/// A subsidy that was paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Subsidy {
    pub(crate) subsidy_id: String,
    pub(crate) amount: i64,
    pub(crate) request: Value,
    pub(crate) at: i64,
}

/// A returned subsidy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SubsidyReturn {
    pub(crate) subsidy_refund_id: String,
    pub(crate) out_order_no: String,
    pub(crate) amount: i64,
    pub(crate) request: Value,
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

#[derive(Default)]
pub(crate) struct Subsidies(Mutex<HashMap<OrderKey, OfOrder>>);

impl Subsidies {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = HashMap::default();
    }

    /// All, as a snapshot has them.
    pub(crate) fn saved(&self) -> Vec<(OrderKey, OfOrder)> {
        let all = lock(&self.0);
        let mut saved: Vec<_> = all.iter().map(|(key, of)| (key.clone(), of.clone())).collect();
        saved.sort_by(|(first, _), (second, _)| first.cmp(second));
        saved
    }

    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, saved: Vec<(OrderKey, OfOrder)>) {
        *lock(&self.0) = saved.into_iter().collect();
    }

    /// Reads or changes an order's history.
    pub(crate) fn change<T>(&self, order: &OrderKey, change: impl FnOnce(&mut OfOrder) -> T) -> T {
        change(lock(&self.0).entry(order.clone()).or_default())
    }
}

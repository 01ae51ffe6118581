//! All orders, and how each is found.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

use super::{
    lock,
    order::{Order, OrderKey, OrderState, Session},
    snapshot::Step,
};

/// More orders than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;
/// Sessions kept per order; whoever places an order more often than this has lost the first ones.
const MAX_SESSIONS: usize = 100;

/// Why an order was not placed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceRefusal {
    /// It is paid.
    Paid,
    /// It is closed, or its last payable moment is over.
    Closed,
    /// The number exists with other parameters.
    Differs,
}

/// Why an order was not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseRefusal {
    /// There is none.
    NoSuchOrder,
    /// It is paid.
    Paid,
}

#[derive(Default)]
pub(crate) struct Orders(Mutex<Table>);

#[derive(Default)]
struct Table {
    orders: HashMap<OrderKey, Order>,
    age: VecDeque<OrderKey>,
    by_prepay_id: HashMap<String, OrderKey>,
    by_code: HashMap<String, OrderKey>,
    by_transaction_id: HashMap<String, OrderKey>,
}

impl Orders {
    /// Places an order, or gives an unpaid one with the same parameters a fresh session. `draft` holds exactly one session.
    pub(crate) fn place(&self, mut draft: Order, now: i64) -> Result<Session, PlaceRefusal> {
        let mut table = lock(&self.0);
        let Some(session) = draft.sessions.first().cloned() else {
            return Err(PlaceRefusal::Differs);
        };
        let key = draft.key.clone();
        if let Some(known) = table.orders.get_mut(&key) {
            known.settle(now);
            if matches!(known.state, OrderState::Success | OrderState::Refund) {
                return Err(PlaceRefusal::Paid);
            }
            if known.payable(now).is_err() {
                return Err(PlaceRefusal::Closed);
            }
            if known.family != draft.family || known.scene != draft.scene || known.request != draft.request {
                return Err(PlaceRefusal::Differs);
            }
            if known.sessions.len() >= MAX_SESSIONS {
                known.sessions.remove(0);
            }
            known.sessions.push(session.clone());
            known.note(now, Step::PlacedAgain);
        } else {
            draft.note(now, Step::Placed);
            table.age.push_back(key.clone());
            table.orders.insert(key.clone(), draft);
        }
        table.by_prepay_id.insert(session.prepay_id.clone(), key.clone());
        if let Some(code) = &session.code {
            table.by_code.insert(code.clone(), key);
        }
        table.forget_oldest();
        Ok(session)
    }

    /// Closes an unpaid order. Closing twice succeeds.
    pub(crate) fn close(&self, key: &OrderKey, now: i64) -> Result<(), CloseRefusal> {
        self.change(key, |order| {
            order.settle(now);
            match order.state {
                OrderState::Success | OrderState::Refund => Err(CloseRefusal::Paid),
                OrderState::Closed => Ok(()),
                OrderState::NotPay => {
                    order.state = OrderState::Closed;
                    order.note(now, Step::Closed);
                    Ok(())
                }
            }
        })
        .unwrap_or(Err(CloseRefusal::NoSuchOrder))
    }

    /// Reads or changes one order.
    pub(crate) fn change<T>(&self, key: &OrderKey, change: impl FnOnce(&mut Order) -> T) -> Option<T> {
        let mut table = lock(&self.0);
        let order = table.orders.get_mut(key)?;
        let outcome = change(order);
        if let Some(payment) = &order.payment {
            let id = payment.transaction_id.clone();
            table.by_transaction_id.entry(id).or_insert_with(|| key.clone());
        }
        Some(outcome)
    }

    /// A copy, with its age taken into account.
    pub(crate) fn get(&self, key: &OrderKey, now: i64) -> Option<Order> {
        self.change(key, |order| {
            order.settle(now);
            order.clone()
        })
    }

    pub(crate) fn key_of_transaction(&self, transaction_id: &str) -> Option<OrderKey> {
        lock(&self.0).by_transaction_id.get(transaction_id).cloned()
    }

    pub(crate) fn key_of_prepay_id(&self, prepay_id: &str) -> Option<OrderKey> {
        lock(&self.0).by_prepay_id.get(prepay_id).cloned()
    }

    pub(crate) fn key_of_code(&self, code: &str) -> Option<OrderKey> {
        lock(&self.0).by_code.get(code).cloned()
    }

    /// The key of an order of `first`, or of the newest of any merchant that has this number.
    pub(crate) fn key_of_number(&self, first: &str, out_trade_no: &str) -> Option<OrderKey> {
        let table = lock(&self.0);
        let own = OrderKey::order(first, out_trade_no);
        if table.orders.contains_key(&own) {
            return Some(own);
        }
        table
            .age
            .iter()
            .rev()
            .find(|key| key.out_trade_no == out_trade_no)
            .cloned()
    }

    /// Copies of all, the oldest first.
    pub(crate) fn all(&self) -> Vec<Order> {
        let table = lock(&self.0);
        table
            .age
            .iter()
            .filter_map(|key| table.orders.get(key).cloned())
            .collect()
    }
}

impl Table {
    fn forget_oldest(&mut self) {
        while self.age.len() > CAPACITY {
            let Some(order) = self.age.pop_front().and_then(|key| self.orders.remove(&key)) else {
                continue;
            };
            for session in &order.sessions {
                self.by_prepay_id.remove(&session.prepay_id);
                if let Some(code) = &session.code {
                    self.by_code.remove(code);
                }
            }
            if let Some(payment) = &order.payment {
                self.by_transaction_id.remove(&payment.transaction_id);
            }
        }
    }
}

//! All orders, and how each is found.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

use crate::world::{
    lock,
    orders::{
        buyer::Buyer,
        key::OrderKey,
        state::{CloseRefusal, Order, OrderState, PayError, PlaceRefusal, Session},
        timeline::Step,
    },
};

/// More orders than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;

/// All orders.
#[derive(Default)]
pub struct Orders(Mutex<Table>);

debug_only!(Orders {});

#[derive(Default)]
struct Table {
    orders: HashMap<OrderKey, Order>,
    age: VecDeque<OrderKey>,
    by_prepay_id: HashMap<String, OrderKey>,
    by_code: HashMap<String, OrderKey>,
    by_transaction_id: HashMap<String, OrderKey>,
}

/// An order that was placed.
pub(crate) struct Placed {
    pub(crate) key: OrderKey,
    pub(crate) session: Session,
    /// True if it is a new one, and not the same call again.
    pub(crate) is_new: bool,
}

impl Orders {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Table::default();
    }

    /// Places an order, or gives an identical unpaid one a fresh session.
    ///
    /// The first draft holds exactly one session; the others are its items, if it is a combined order.
    pub(crate) fn place(&self, drafts: Vec<Order>, now: i64) -> Result<Placed, PlaceRefusal> {
        let mut table = lock(&self.0);
        let first = drafts
            .first()
            .and_then(|draft| Some((draft, draft.sessions.first()?.clone())));
        let Some((draft, session)) = first else {
            return Err(PlaceRefusal::Differs);
        };
        let key = draft.key.clone();
        let is_new = !table.orders.contains_key(&key);
        if let Some(known) = table.orders.get_mut(&key) {
            known.place_again(draft, session.clone(), now)?;
        } else {
            let used = drafts.iter().find(|draft| table.orders.contains_key(&draft.key));
            if let Some(used) = used {
                return Err(PlaceRefusal::NumberUsed(used.key.out_trade_no.clone()));
            }
            for mut draft in drafts {
                draft.note(now, Step::Placed);
                table.age.push_back(draft.key.clone());
                table.orders.insert(draft.key.clone(), draft);
            }
        }
        table.by_prepay_id.insert(session.prepay_id.clone(), key.clone());
        if let Some(code) = &session.code {
            table.by_code.insert(code.clone(), key.clone());
        }
        table.forget_oldest();
        Ok(Placed { key, session, is_new })
    }

    /// Pays an order with its items.
    ///
    /// The transaction id of the order itself comes first.
    pub(crate) fn pay(
        &self,
        key: &OrderKey,
        now: i64,
        buyer: Buyer,
        mut transaction_id: impl FnMut() -> String,
    ) -> Result<Order, PayError> {
        let mut table = lock(&self.0);
        let order = table.orders.get_mut(key).ok_or(PayError::NoSuchOrder)?;
        order.pay(now, buyer, transaction_id())?;
        let order = order.clone();
        table.index_payment(&order);
        for item in &order.items {
            let Some(item) = table.orders.get_mut(item) else {
                continue;
            };
            item.paid(now, buyer, transaction_id());
            let item = item.clone();
            table.index_payment(&item);
        }
        Ok(order)
    }

    /// The order as it would be if it were paid now. It is not.
    pub(crate) fn as_if_paid(
        &self,
        key: &OrderKey,
        now: i64,
        buyer: Buyer,
        transaction_id: String,
    ) -> Result<Order, PayError> {
        let mut order = self.get(key, now).ok_or(PayError::NoSuchOrder)?;
        order.pay(now, buyer, transaction_id)?;
        Ok(order)
    }

    /// Lets a payment fail that would have gone through.
    pub(crate) fn fail(
        &self,
        key: &OrderKey,
        now: i64,
        buyer: Buyer,
        reason: PayError,
    ) -> Result<Order, PayError> {
        self.change(key, |order| {
            order.settle(now);
            order.payable(now)?;
            order.note(now, Step::PaymentFailed { buyer, reason });
            Err(reason)
        })
        .unwrap_or(Err(PayError::NoSuchOrder))
    }

    /// Forces a state on an order and its items. Returns false for an unknown order.
    pub fn force(&self, key: &OrderKey, state: OrderState, now: i64) -> bool {
        let mut table = lock(&self.0);
        let Some(order) = table.orders.get(key) else {
            return false;
        };
        for key in std::iter::once(key.clone()).chain(order.items.clone()) {
            if let Some(order) = table.orders.get_mut(&key) {
                order.state = state;
                order.note(now, Step::Forced { state });
            }
        }
        true
    }

    /// Closes an unpaid order with its items. Closing twice succeeds.
    pub fn close(&self, key: &OrderKey, now: i64) -> Result<(), CloseRefusal> {
        let mut table = lock(&self.0);
        let order = table.orders.get_mut(key).ok_or(CloseRefusal::NoSuchOrder)?;
        order.close(now)?;
        for item in order.items.clone() {
            if let Some(item) = table.orders.get_mut(&item) {
                item.close(now)?;
            }
        }
        Ok(())
    }

    /// Closes an order that has got too old, with its items. Says whether it did.
    pub(crate) fn expire(&self, key: &OrderKey, now: i64) -> bool {
        let mut table = lock(&self.0);
        let Some(order) = table.orders.get_mut(key) else {
            return false;
        };
        let is_closed = order.settle(now);
        for item in order.items.clone() {
            if let Some(item) = table.orders.get_mut(&item) {
                item.settle(now);
            }
        }
        is_closed
    }

    /// Reads or changes one order.
    pub fn change<T>(&self, key: &OrderKey, change: impl FnOnce(&mut Order) -> T) -> Option<T> {
        let mut table = lock(&self.0);
        let order = table.orders.get_mut(key)?;
        Some(change(order))
    }

    /// A copy, with its age taken into account.
    pub fn get(&self, key: &OrderKey, now: i64) -> Option<Order> {
        self.change(key, |order| {
            order.settle(now);
            order.clone()
        })
    }

    /// The items of a combined order, in their order.
    pub(crate) fn items_of(&self, combination: &Order) -> Vec<Order> {
        let table = lock(&self.0);
        combination
            .items
            .iter()
            .filter_map(|key| table.orders.get(key).cloned())
            .collect()
    }

    pub(crate) fn key_of_transaction(&self, transaction_id: &str) -> Option<OrderKey> {
        lock(&self.0).by_transaction_id.get(transaction_id).cloned()
    }

    pub fn key_of_prepay_id(&self, prepay_id: &str) -> Option<OrderKey> {
        lock(&self.0).by_prepay_id.get(prepay_id).cloned()
    }

    pub fn key_of_code(&self, code: &str) -> Option<OrderKey> {
        lock(&self.0).by_code.get(code).cloned()
    }

    /// Key of the order with this number: `first`'s, else the newest of any merchant.
    pub fn key_of_number(&self, first: &str, out_trade_no: &str) -> Option<OrderKey> {
        let table = lock(&self.0);
        let own = [
            OrderKey::order(first, out_trade_no),
            OrderKey::combination(first, out_trade_no),
        ];
        if let Some(own) = own.into_iter().find(|key| table.orders.contains_key(key)) {
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
        self.matching(|_| true)
    }

    /// Copies of those that are wanted, the oldest first.
    pub(crate) fn matching(&self, is_wanted: impl Fn(&Order) -> bool) -> Vec<Order> {
        let table = lock(&self.0);
        table
            .age
            .iter()
            .filter_map(|key| table.orders.get(key))
            .filter(|order| is_wanted(order))
            .cloned()
            .collect()
    }
}

/// For snapshots, whose orders are [`Orders::all`].
impl Orders {
    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, orders: Vec<Order>) {
        let mut table = Table::default();
        for order in orders {
            for session in &order.sessions {
                table
                    .by_prepay_id
                    .insert(session.prepay_id.clone(), order.key.clone());
                if let Some(code) = &session.code {
                    table.by_code.insert(code.clone(), order.key.clone());
                }
            }
            table.index_payment(&order);
            table.age.push_back(order.key.clone());
            table.orders.insert(order.key.clone(), order);
        }
        table.forget_oldest();
        *lock(&self.0) = table;
    }
}

/// For lists.
impl Orders {
    /// Looks at all, the oldest first.
    pub fn each(&self, look: impl FnMut(&Order)) {
        let table = lock(&self.0);
        table
            .age
            .iter()
            .filter_map(|key| table.orders.get(key))
            .for_each(look);
    }

    /// Copies of the newest that are wanted, the newest first.
    pub fn latest(&self, limit: usize, is_wanted: impl Fn(&Order) -> bool) -> Vec<Order> {
        let table = lock(&self.0);
        let orders = table.age.iter().rev().filter_map(|key| table.orders.get(key));
        orders
            .filter(|order| is_wanted(order))
            .take(limit)
            .cloned()
            .collect()
    }
}

impl Table {
    fn index_payment(&mut self, order: &Order) {
        if let Some(payment) = &order.payment {
            self.by_transaction_id
                .insert(payment.transaction_id.clone(), order.key.clone());
        }
    }

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

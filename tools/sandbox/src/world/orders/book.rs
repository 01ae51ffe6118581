//! Orders by age, and everything that follows from their states.
//!
//! An order is changed by [`Book::change`] alone, so indices and sums always agree with the orders.

use std::collections::{BTreeSet, HashMap, VecDeque};

use crate::world::{
    clock::Day,
    days::ByDay,
    orders::{
        key::{OrderKey, Space},
        state::{Order, OrderState, Payment, Session},
    },
};

/// Numbers of orders by state, and their money; combined orders count as their items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderCounts {
    /// Paid, refunded ones included.
    pub paid: usize,
    /// Total of the paid ones, in fen.
    pub received: i64,
    /// Unpaid, and not closed.
    pub unpaid: usize,
}

impl OrderCounts {
    fn add(&mut self, order: &Order) {
        if order.key.space != Space::Order {
            return;
        }
        match order.state {
            OrderState::Success | OrderState::Refund => {
                self.paid = self.paid.saturating_add(1);
                self.received = self.received.saturating_add(order.total);
            }
            OrderState::NotPay | OrderState::UserPaying => self.unpaid = self.unpaid.saturating_add(1),
            OrderState::Closed | OrderState::Revoked | OrderState::PayError => {}
        }
    }

    fn subtract(&mut self, order: &Order) {
        let mut of_order = Self::default();
        of_order.add(order);
        self.paid = self.paid.saturating_sub(of_order.paid);
        self.received = self.received.saturating_sub(of_order.received);
        self.unpaid = self.unpaid.saturating_sub(of_order.unpaid);
    }
}

/// Paid orders.
#[derive(Default)]
struct Payments {
    by_transaction_id: HashMap<String, u64>,
    by_day: ByDay<u64>,
}

impl Payments {
    /// Adds the payment of an order, if there is one.
    fn add(&mut self, number: u64, key: &OrderKey, payment: Option<&Payment>) {
        if let Some(payment) = payment {
            let id = payment.transaction_id.clone();
            self.by_transaction_id.insert(id, number);
            for at in days(payment) {
                self.by_day.add(&key.mchid, at, number);
            }
        }
    }

    fn remove(&mut self, number: u64, key: &OrderKey, payment: Option<&Payment>) {
        if let Some(payment) = payment {
            self.by_transaction_id.remove(&payment.transaction_id);
            for at in days(payment) {
                self.by_day.remove(&key.mchid, at, &number);
            }
        }
    }
}

/// Times that put a payment into a day's bill.
fn days(payment: &Payment) -> impl Iterator<Item = i64> {
    std::iter::once(payment.at).chain(payment.reversed_at)
}

/// Orders, the oldest first. Each has a number by which the indices name it.
#[derive(Default)]
pub(super) struct Book {
    // Boxed, because a ring of large values would hold empty places for half as many again.
    orders: VecDeque<Box<Order>>,
    /// Number of the oldest.
    first: u64,
    by_key: HashMap<OrderKey, u64>,
    by_prepay_id: HashMap<String, u64>,
    by_code: HashMap<String, u64>,
    /// By the code that a payer showed.
    by_auth_code: HashMap<String, u64>,
    payments: Payments,
    counts: OrderCounts,
}

impl Book {
    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    fn numbered(&self, number: u64) -> Option<&Order> {
        self.orders.get(self.place(number)?).map(AsRef::as_ref)
    }

    fn key_of(&self, number: Option<&u64>) -> Option<OrderKey> {
        Some(self.numbered(*number?)?.key.clone())
    }

    pub(super) fn contains(&self, key: &OrderKey) -> bool {
        self.by_key.contains_key(key)
    }

    pub(super) fn get(&self, key: &OrderKey) -> Option<&Order> {
        self.numbered(*self.by_key.get(key)?)
    }

    /// All, the oldest first.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Order> {
        self.orders.iter().map(AsRef::as_ref)
    }

    pub(super) const fn counts(&self) -> OrderCounts {
        self.counts
    }

    pub(super) fn key_of_transaction(&self, transaction_id: &str) -> Option<OrderKey> {
        self.key_of(self.payments.by_transaction_id.get(transaction_id))
    }

    pub(super) fn key_of_prepay_id(&self, prepay_id: &str) -> Option<OrderKey> {
        self.key_of(self.by_prepay_id.get(prepay_id))
    }

    pub(super) fn key_of_code(&self, code: &str) -> Option<OrderKey> {
        self.key_of(self.by_code.get(code))
    }

    /// Returns true if the payer's code of this order stands for another one.
    pub(super) fn has_auth_code_of(&self, draft: &Order) -> bool {
        draft
            .auth_code()
            .is_some_and(|code| self.by_auth_code.contains_key(&code))
    }

    /// The days on which orders of this merchant were paid or reversed, the newest first.
    pub(super) fn days(&self, mchid: &str) -> impl Iterator<Item = Day> {
        self.payments.by_day.days(mchid)
    }

    /// Returns true if an order of this merchant was paid or reversed on that day.
    pub(super) fn has_paid_on(&self, mchid: &str, day: Day) -> bool {
        let mut numbers = self.payments.by_day.of(mchid, day);
        numbers.any(|number| {
            let order = self.numbered(*number);
            order.is_some_and(|order| order.key.space == Space::Order)
        })
    }

    /// A merchant's orders paid or reversed on that day, and these, the oldest first.
    pub(super) fn paid_on<'a>(
        &self,
        mchid: &str,
        day: Day,
        others: impl Iterator<Item = &'a OrderKey>,
    ) -> impl Iterator<Item = &Order> {
        let others = others.filter_map(|key| self.by_key.get(key));
        let numbers: BTreeSet<u64> = self
            .payments
            .by_day
            .of(mchid, day)
            .chain(others)
            .copied()
            .collect();
        numbers.into_iter().filter_map(|number| self.numbered(number))
    }

    /// Adds an order as the newest, and forgets the oldest above `capacity`.
    pub(super) fn insert(&mut self, order: Order, capacity: usize) {
        let length = u64::try_from(self.orders.len()).unwrap_or(u64::MAX);
        let number = self.first.saturating_add(length);
        self.by_key.insert(order.key.clone(), number);
        for session in &order.sessions {
            self.index_session(number, session);
        }
        if let Some(code) = order.auth_code() {
            self.by_auth_code.insert(code, number);
        }
        self.payments.add(number, &order.key, order.payment.as_ref());
        self.counts.add(&order);
        self.orders.push_back(Box::new(order));
        while self.orders.len() > capacity {
            self.forget_oldest();
        }
    }

    /// Changes an order; indices and sums follow.
    pub(super) fn change<T>(&mut self, key: &OrderKey, change: impl FnOnce(&mut Order) -> T) -> Option<T> {
        let number = *self.by_key.get(key)?;
        let place = self.place(number)?;
        let order = self.orders.get_mut(place)?;
        self.counts.subtract(order);
        let before = order.payment.clone();
        let result = change(order);
        self.counts.add(order);
        let is_same = match (&before, &order.payment) {
            (Some(before), Some(after)) => {
                before.transaction_id == after.transaction_id && before.reversed_at == after.reversed_at
            }
            (before, after) => before.is_none() && after.is_none(),
        };
        if !is_same {
            // An order that was forced back can be paid again, and one that is paid by code can be reversed.
            self.payments.remove(number, &order.key, before.as_ref());
            self.payments.add(number, &order.key, order.payment.as_ref());
        }
        Some(result)
    }

    /// Indexes a session that replaces another one, if the order had too many.
    pub(super) fn renew(&mut self, key: &OrderKey, session: Option<&Session>, old: Option<&Session>) {
        if let Some(old) = old {
            self.forget_session(old);
        }
        if let (Some(number), Some(session)) = (self.by_key.get(key).copied(), session) {
            self.index_session(number, session);
        }
    }

    fn index_session(&mut self, number: u64, session: &Session) {
        self.by_prepay_id.insert(session.prepay_id.clone(), number);
        if let Some(code) = &session.code {
            self.by_code.insert(code.clone(), number);
        }
    }

    fn forget_session(&mut self, session: &Session) {
        self.by_prepay_id.remove(&session.prepay_id);
        if let Some(code) = &session.code {
            self.by_code.remove(code);
        }
    }

    fn forget_oldest(&mut self) {
        let Some(order) = self.orders.pop_front() else {
            return;
        };
        let number = self.first;
        self.first = number.saturating_add(1);
        if self.by_key.get(&order.key) == Some(&number) {
            self.by_key.remove(&order.key);
        }
        self.counts.subtract(&order);
        for session in &order.sessions {
            self.forget_session(session);
        }
        if let Some(code) = order.auth_code() {
            self.by_auth_code.remove(&code);
        }
        self.payments.remove(number, &order.key, order.payment.as_ref());
    }
}

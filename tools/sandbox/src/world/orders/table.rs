//! All orders, and how each is found.

use std::sync::Mutex;

use crate::world::{
    clock::Day,
    lock,
    orders::{
        book::{Book, OrderCounts},
        buyer::Buyer,
        key::OrderKey,
        state::{CloseRefusal, Order, OrderState, PayError, PlaceRefusal, Reversal, ReverseRefusal, Session},
        timeline::Step,
    },
};

/// More orders than this, and the oldest are forgotten.
const CAPACITY: usize = 50_000;

/// All orders.
#[derive(Default)]
pub struct Orders(Mutex<Book>);

debug_only!(Orders {});

/// An order that was placed.
pub(crate) struct Placed {
    pub(crate) key: OrderKey,
    /// None for an order that is paid by code.
    pub(crate) session: Option<Session>,
    /// True if it is a new one, and not the same call again.
    pub(crate) is_new: bool,
}

impl Orders {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Book::default();
    }

    /// Places an order, or gives an identical unpaid one a fresh session.
    ///
    /// The first draft holds its session, if it has one; the others are its items, if it is a combined order.
    pub(crate) fn place(&self, drafts: Vec<Order>, now: i64) -> Result<Placed, PlaceRefusal> {
        let mut book = lock(&self.0);
        let Some(draft) = drafts.first() else {
            return Err(PlaceRefusal::Differs);
        };
        let (key, session) = (draft.key.clone(), draft.sessions.first().cloned());
        if let Some(renewed) = book.change(&key, |known| known.place_again(draft, session.clone(), now)) {
            book.renew(&key, session.as_ref(), renewed?.as_ref());
            return Ok(Placed {
                key,
                session,
                is_new: false,
            });
        }
        if let Some(used) = drafts.iter().find(|draft| book.contains(&draft.key)) {
            return Err(PlaceRefusal::NumberUsed(used.key.out_trade_no.clone()));
        }
        if drafts.iter().any(|draft| book.has_auth_code_of(draft)) {
            return Err(PlaceRefusal::CodeUsed);
        }
        for mut draft in drafts {
            draft.note(now, Step::Placed);
            book.insert(draft, CAPACITY);
        }
        Ok(Placed {
            key,
            session,
            is_new: true,
        })
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
        let mut book = lock(&self.0);
        let order = book
            .change(key, |order| {
                order.pay(now, buyer, transaction_id())?;
                Ok(order.clone())
            })
            .ok_or(PayError::NoSuchOrder)??;
        for item in &order.items {
            book.change(item, |item| item.paid(now, buyer, transaction_id()));
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
        let mut book = lock(&self.0);
        let Some(items) = book.get(key).map(|order| order.items.clone()) else {
            return false;
        };
        for key in std::iter::once(key).chain(&items) {
            book.change(key, |order| {
                order.state = state;
                order.note(now, Step::Forced { state });
            });
        }
        true
    }

    /// Closes an unpaid order with its items. Closing twice succeeds.
    pub fn close(&self, key: &OrderKey, now: i64) -> Result<(), CloseRefusal> {
        let mut book = lock(&self.0);
        let items = book
            .change(key, |order| {
                order.close(now)?;
                Ok(order.items.clone())
            })
            .ok_or(CloseRefusal::NoSuchOrder)??;
        for item in &items {
            book.change(item, |item| item.close(now)).transpose()?;
        }
        Ok(())
    }

    /// Reverses an order that the merchant charged, with its items.
    ///
    /// Reversing twice succeeds.
    pub(crate) fn reverse(&self, key: &OrderKey, now: i64) -> Result<(Order, Reversal), ReverseRefusal> {
        let mut book = lock(&self.0);
        let reversed = book.change(key, |order| {
            let reversal = order.reverse(now)?;
            Ok((order.clone(), reversal))
        });
        let (order, reversal) = reversed.unwrap_or(Err(ReverseRefusal::NoSuchOrder))?;
        for item in &order.items {
            // What is true of the whole is true of its items.
            let _ = book.change(item, |item| item.reverse(now));
        }
        Ok((order, reversal))
    }

    /// Closes an order that has got too old, with its items. Says whether it did.
    pub(crate) fn expire(&self, key: &OrderKey, now: i64) -> bool {
        let mut book = lock(&self.0);
        let Some((is_closed, items)) = book.change(key, |order| (order.settle(now), order.items.clone()))
        else {
            return false;
        };
        for item in &items {
            book.change(item, |item| item.settle(now));
        }
        is_closed
    }

    /// Reads or changes one order.
    pub fn change<T>(&self, key: &OrderKey, change: impl FnOnce(&mut Order) -> T) -> Option<T> {
        lock(&self.0).change(key, change)
    }

    /// A copy, with its age taken into account.
    pub fn get(&self, key: &OrderKey, now: i64) -> Option<Order> {
        self.change(key, |order| {
            order.settle(now);
            order.clone()
        })
    }

    /// Returns true for an order that is there and not paid.
    pub(crate) fn is_unpaid(&self, key: &OrderKey) -> bool {
        lock(&self.0).get(key).is_some_and(Order::is_open)
    }

    /// The items of a combined order, in their order.
    pub(crate) fn items_of(&self, combination: &Order) -> Vec<Order> {
        let book = lock(&self.0);
        combination
            .items
            .iter()
            .filter_map(|key| book.get(key).cloned())
            .collect()
    }

    pub(crate) fn key_of_transaction(&self, transaction_id: &str) -> Option<OrderKey> {
        lock(&self.0).key_of_transaction(transaction_id)
    }

    pub fn key_of_prepay_id(&self, prepay_id: &str) -> Option<OrderKey> {
        lock(&self.0).key_of_prepay_id(prepay_id)
    }

    pub fn key_of_code(&self, code: &str) -> Option<OrderKey> {
        lock(&self.0).key_of_code(code)
    }

    /// Key of the order with this number: `first`'s, else the newest of any merchant.
    pub fn key_of_number(&self, first: &str, out_trade_no: &str) -> Option<OrderKey> {
        let book = lock(&self.0);
        let own = [
            OrderKey::order(first, out_trade_no),
            OrderKey::combination(first, out_trade_no),
        ];
        if let Some(own) = own.into_iter().find(|key| book.contains(key)) {
            return Some(own);
        }
        book.iter()
            .rev()
            .map(|order| &order.key)
            .find(|key| key.out_trade_no == out_trade_no)
            .cloned()
    }

    /// Copies of all, the oldest first.
    pub(crate) fn all(&self) -> Vec<Order> {
        self.matching(|_| true)
    }

    /// Copies of those that are wanted, the oldest first.
    pub(crate) fn matching(&self, is_wanted: impl Fn(&Order) -> bool) -> Vec<Order> {
        let book = lock(&self.0);
        book.iter().filter(|order| is_wanted(order)).cloned().collect()
    }
}

/// For snapshots, whose orders are [`Orders::all`].
impl Orders {
    /// Forgets all, and knows these instead.
    pub(crate) fn restore(&self, orders: Vec<Order>) {
        let mut book = Book::default();
        for order in orders {
            book.insert(order, CAPACITY);
        }
        *lock(&self.0) = book;
    }
}

/// For lists and bills.
impl Orders {
    /// Numbers of orders by state, and their money.
    pub fn counts(&self) -> OrderCounts {
        lock(&self.0).counts()
    }

    /// The days on which orders of this merchant were paid, the newest first.
    pub fn days(&self, mchid: &str, limit: usize) -> Vec<Day> {
        lock(&self.0).days(mchid).take(limit).collect()
    }

    /// Returns true if an order of this merchant was paid on that day.
    pub(crate) fn has_paid_on(&self, mchid: &str, day: Day) -> bool {
        lock(&self.0).has_paid_on(mchid, day)
    }

    /// Copies of a merchant's orders that were paid on that day.
    ///
    /// Of these, the oldest first.
    pub(crate) fn paid_on(&self, mchid: &str, day: Day, others: &[OrderKey]) -> Vec<Order> {
        let book = lock(&self.0);
        book.paid_on(mchid, day, others.iter()).cloned().collect()
    }

    /// Copies of the newest that are wanted, the newest first.
    pub fn latest(&self, limit: usize, is_wanted: impl Fn(&Order) -> bool) -> Vec<Order> {
        let book = lock(&self.0);
        let orders = book.iter().rev().filter(|order| is_wanted(order));
        orders.take(limit).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::world::orders::{
        key::Space,
        scene::{Family, Scene},
    };

    const NOW: i64 = 1_704_083_696;
    const DAY: i64 = 86_400;

    fn order(number: u64, now: i64, items: Vec<OrderKey>) -> Order {
        let out_trade_no = format!("order-{number}");
        Order {
            key: if items.is_empty() {
                OrderKey::order("1", &out_trade_no)
            } else {
                OrderKey::combination("1", &out_trade_no)
            },
            family: Family::Direct,
            scene: Scene::Native,
            appid: String::new(),
            sub: None,
            request: json!({}).into(),
            description: String::new(),
            attach: None,
            notify_url: String::new(),
            total: i64::try_from(number).unwrap(),
            device_id: None,
            openid: None,
            sub_openid: None,
            created_at: now,
            expires_at: now + DAY,
            state: OrderState::NotPay,
            sessions: vec![session(number)],
            payment: None,
            profit_sharing: false,
            sharing_finished: false,
            subsidy_amount: None,
            combination: None,
            items,
            timeline: Vec::new(),
        }
    }

    fn session(number: u64) -> Session {
        Session {
            prepay_id: format!("prepay-{number}"),
            code: Some(format!("code-{number}")),
            package: None,
            created_at: NOW,
        }
    }

    /// Compares what is kept with what a walk finds.
    fn check(orders: &Orders) {
        let all = orders.all();
        let mut counts = OrderCounts::default();
        let mut days = std::collections::BTreeSet::new();
        for order in &all {
            if let Some(payment) = &order.payment {
                days.insert(Day::of(payment.at));
                let key = orders.key_of_transaction(&payment.transaction_id);
                assert_eq!(key.as_ref(), Some(&order.key));
                let of_day = orders.paid_on("1", Day::of(payment.at), &[]);
                assert!(of_day.iter().any(|paid| paid.key == order.key));
            }
            if order.key.space == Space::Order {
                let is_paid = matches!(order.state, OrderState::Success | OrderState::Refund);
                counts.paid += usize::from(is_paid);
                counts.received += if is_paid { order.total } else { 0 };
                let is_unpaid = matches!(order.state, OrderState::NotPay | OrderState::UserPaying);
                counts.unpaid += usize::from(is_unpaid);
            }
        }
        assert_eq!(orders.counts(), counts);
        assert!(orders.days("1", 100).into_iter().eq(days.into_iter().rev()));
    }

    #[test]
    fn counts_and_days_are_those_of_a_walk() {
        let orders = Orders::default();
        let mut random = 42_u64;
        let mut below = |limit: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) % limit
        };
        for step in 0..3_000 {
            let now = NOW + i64::try_from(step).unwrap() * 900;
            let number = below(step / 10 + 2);
            let key = if number.is_multiple_of(3) {
                OrderKey::combination("1", &format!("order-{number}"))
            } else {
                OrderKey::order("1", &format!("order-{number}"))
            };
            match below(9) {
                0..3 if number.is_multiple_of(3) => {
                    let items = [
                        order(10_000 + number, now, Vec::new()),
                        order(20_000 + number, now, Vec::new()),
                    ];
                    let keys = items.iter().map(|item| item.key.clone()).collect();
                    let mut drafts = vec![order(number, now, keys)];
                    drafts.extend(items);
                    let _ = orders.place(drafts, now);
                }
                0..3 => drop(orders.place(vec![order(number, now, Vec::new())], now)),
                3 | 4 => drop(orders.pay(&key, now, Buyer::Alice, || {
                    format!("paid-{step}-{}", below(1 << 30))
                })),
                5 => drop(orders.close(&key, now)),
                6 => {
                    let states = [OrderState::Refund, OrderState::UserPaying, OrderState::Revoked];
                    orders.force(&key, states[step as usize % 3], now);
                }
                7 => drop(orders.expire(&key, now)),
                _ if step % 50 == 0 => orders.restore(orders.all()),
                _ => {
                    orders.change(&key, |order| order.state = OrderState::Refund);
                }
            }
            if step % 20 == 0 {
                check(&orders);
            }
        }
        check(&orders);
        let paid = orders
            .all()
            .iter()
            .filter(|order| order.payment.is_some())
            .count();
        assert!(paid > 50 && orders.days("1", 100).len() > 10, "{paid}");
        orders.clear();
        check(&orders);
    }

    #[test]
    fn the_oldest_orders_leave_nothing_behind() {
        let mut book = Book::default();
        for number in 0..50 {
            book.insert(order(number, NOW, Vec::new()), 10);
            let key = OrderKey::order("1", &format!("order-{number}"));
            book.change(&key, |order| {
                order.paid(NOW, Buyer::Alice, format!("paid-{number}"));
            });
        }
        assert_eq!(book.iter().count(), 10);
        assert_eq!(book.counts().received, (40..50).sum::<i64>());
        for number in 0..40 {
            assert!(!book.contains(&OrderKey::order("1", &format!("order-{number}"))));
            assert_eq!(book.key_of_prepay_id(&format!("prepay-{number}")), None);
            assert_eq!(book.key_of_code(&format!("code-{number}")), None);
            assert_eq!(book.key_of_transaction(&format!("paid-{number}")), None);
        }
        let newest = OrderKey::order("1", "order-49");
        assert_eq!(book.key_of_code("code-49"), Some(newest.clone()));
        assert_eq!(
            book.paid_on("1", Day::of(NOW), std::iter::once(&newest)).count(),
            10
        );
    }

    #[test]
    fn a_session_that_is_lost_is_not_found() {
        let orders = Orders::default();
        for number in 0..=100 {
            let mut draft = order(0, NOW, Vec::new());
            draft.sessions = vec![session(number)];
            orders.place(vec![draft], NOW).unwrap();
        }
        assert_eq!(orders.key_of_prepay_id("prepay-0"), None);
        assert!(
            orders.key_of_prepay_id("prepay-1").is_some() && orders.key_of_prepay_id("prepay-100").is_some()
        );
    }
}

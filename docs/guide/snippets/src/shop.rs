//! The shop of the examples: orders, kept in memory.

use std::{
    collections::HashMap,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use wechatpay_axum::{
    Confirmed, WechatPay,
    api::refunds::RefundNotice,
    notify::Nack,
    types::{Fen, OutTradeNo},
};

/// Any error, for short examples.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// An order of the shop.
#[derive(Clone, Debug)]
pub struct Order {
    /// The shop's number.
    pub number: OutTradeNo,
    /// The price.
    pub total: Fen,
    /// The goods, as the payer sees them.
    pub description: String,
}

/// The shop: its orders and its merchant.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The merchant.
    pub wechatpay: WechatPay,
    orders: Arc<Mutex<HashMap<OutTradeNo, Order>>>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    /// A shop without orders.
    #[must_use]
    pub fn new(wechatpay: WechatPay) -> Self {
        Self {
            wechatpay,
            orders: Arc::default(),
            log: Arc::default(),
        }
    }

    /// Keeps an order.
    pub fn insert(&self, order: Order) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.insert(order.number.clone(), order);
    }

    /// Finds an order by its number.
    #[must_use]
    pub fn order(&self, number: &OutTradeNo) -> Option<Order> {
        let orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        orders.get(number).cloned()
    }

    /// Hands the goods over.
    ///
    /// # Errors
    /// The shop's own.
    pub fn fulfil(&self, confirmed: &Confirmed) -> Result<(), Nack> {
        self.note(format!("{} was paid", confirmed.out_trade_no));
        Ok(())
    }

    /// Books a refund.
    ///
    /// # Errors
    /// The shop's own.
    pub fn refunded(&self, refund: &RefundNotice) -> Result<(), Nack> {
        self.note(format!("{} is {}", refund.out_refund_no, refund.refund_status));
        Ok(())
    }

    /// Returns the notes so far.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, line: String) {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

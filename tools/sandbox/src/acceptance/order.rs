//! Orders that acceptance notifications are about.
//!
//! The shop makes them on request, or placed them unpaid before, or they are made up.

use http::Uri;
use serde_json::{Value, json};
use wechatpay_core::types::Appid;

use super::{
    AcceptanceError,
    payment::{Payment, set},
    run::Run,
    shop::Orders,
};
use crate::world::clock::rfc3339;
use crate::world::orders::{
    self,
    buyer::Buyer,
    key::OrderKey,
    state::{Order, OrderState},
};

/// Total of a made-up order, in fen.
const MADE_UP_TOTAL: i64 = 100;

impl Run<'_> {
    /// Pays an order without notifying anyone. Returns `None` if no unpaid order is left.
    pub(super) async fn paid_order(&self) -> Result<Option<Payment>, AcceptanceError> {
        let key = match (&self.orders, self.next_seen_order()) {
            (Some(orders), _) => self.placed(orders).await?,
            (None, Some(key)) => key,
            (None, None) if self.takes_seen_orders => return Ok(None),
            (None, None) => return Ok(Some(self.made_up())),
        };
        let order = {
            let _working = self.engine.world.working();
            orders::pay_unheard(&self.engine.world, &key, Buyer::Alice)
        };
        Payment::of(key.out_trade_no, order).map(Some)
    }

    /// Returns an unpaid order with the payment that a forged notification would report.
    ///
    /// A query at the sandbox shows that it is not paid.
    pub(super) async fn unpaid_order(&self) -> Result<Payment, AcceptanceError> {
        let key = match (&self.orders, self.next_seen_order()) {
            (Some(orders), _) => self.placed(orders).await?,
            (None, Some(key)) => key,
            (None, None) => return Ok(self.made_up()),
        };
        let now = self.engine.world.clock.now();
        let transaction_id = self.engine.world.ids.transaction_id(now);
        let order = self
            .engine
            .world
            .orders
            .as_if_paid(&key, now, Buyer::Alice, transaction_id);
        Payment::of(key.out_trade_no, order)
    }

    async fn placed(&self, orders: &Orders) -> Result<OrderKey, AcceptanceError> {
        let out_trade_no = orders.place(&self.wire).await?;
        Ok(self.order_key(&out_trade_no))
    }

    fn next_seen_order(&self) -> Option<OrderKey> {
        self.takes_seen_orders.then(|| self.seen_order()).flatten()
    }

    /// The newest unpaid order that this receiver is to hear of.
    pub(super) fn seen_order(&self) -> Option<OrderKey> {
        let now = self.engine.world.clock.now();
        let is_wanted = |order: &Order| {
            order.key == self.order_key(&order.key.out_trade_no)
                && order.state == OrderState::NotPay
                && order.payable(now).is_ok()
                && order.notify_url.parse().is_ok_and(|url: Uri| url == self.uri)
        };
        self.engine
            .world
            .orders
            .latest(1, is_wanted)
            .pop()
            .map(|order| order.key)
    }

    pub(super) fn order_key(&self, out_trade_no: &str) -> OrderKey {
        OrderKey::order(self.merchant.mchid.as_str(), out_trade_no)
    }

    /// A payment that never was.
    fn made_up(&self) -> Payment {
        let now = self.engine.world.clock.now();
        let out_trade_no: String = self
            .engine
            .world
            .ids
            .uuid()
            .chars()
            .filter(|letter| *letter != '-')
            .collect();
        let appid = self.merchant.appids.first().map(Appid::as_str);
        let mut transaction = json!({
            "out_trade_no": out_trade_no,
            "transaction_id": self.engine.world.ids.transaction_id(now),
            "trade_type": "NATIVE",
            "trade_state": "SUCCESS",
            "trade_state_desc": "支付成功",
            "attach": "",
            "bank_type": "OTHERS",
            "success_time": rfc3339(now),
            "amount": {
                "total": MADE_UP_TOTAL,
                "payer_total": MADE_UP_TOTAL,
                "currency": "CNY",
                "payer_currency": "CNY",
            },
        });
        match self.merchant.sub_merchants.first() {
            Some(sub) => {
                set(&mut transaction, &["sp_mchid"], json!(self.merchant.mchid));
                set(&mut transaction, &["sp_appid"], json!(appid));
                set(&mut transaction, &["sub_mchid"], json!(sub.mchid));
                set(
                    &mut transaction,
                    &["payer"],
                    json!({"sp_openid": Buyer::Alice.openid(appid.unwrap_or_default())}),
                );
            }
            None => {
                set(&mut transaction, &["mchid"], json!(self.merchant.mchid));
                set(&mut transaction, &["appid"], json!(appid));
                set(
                    &mut transaction,
                    &["payer"],
                    json!({"openid": Buyer::Alice.openid(appid.unwrap_or_default())}),
                );
            }
        }
        Payment {
            out_trade_no,
            total: MADE_UP_TOTAL,
            transaction,
            is_known: false,
        }
    }

    /// The refund of all of a payment, as it is told.
    pub(super) fn refund(&self, paid: &Payment) -> Value {
        let now = self.engine.world.clock.now();
        let of_payment = |key: &str| paid.transaction.get(key).cloned().unwrap_or_default();
        let mut refund = json!({
            "out_trade_no": paid.out_trade_no,
            "transaction_id": of_payment("transaction_id"),
            "out_refund_no": format!("{}R", paid.out_trade_no.chars().take(31).collect::<String>()),
            "refund_id": self.engine.world.ids.refund_id(now),
            "refund_status": "SUCCESS",
            "success_time": rfc3339(now),
            "user_received_account": "支付用户零钱",
            "amount": {
                "total": paid.total,
                "refund": paid.total,
                "payer_total": paid.total,
                "payer_refund": paid.total,
            },
        });
        for key in ["mchid", "sp_mchid", "sub_mchid"] {
            if let Some(mchid) = paid.transaction.get(key) {
                set(&mut refund, &[key], mchid.clone());
            }
        }
        refund
    }
}

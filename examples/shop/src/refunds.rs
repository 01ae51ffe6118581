//! Giving money back.

use serde::Serialize;
use wechatpay_core::{
    api::refunds::{
        RefundedOrder,
        ecommerce::{Apply, RefundAmount},
    },
    types::OutRefundNo,
};
use wechatpay_tower::client::Outcome;

use crate::{
    error::ShopError,
    incoming::{Incoming, refund_amount},
    number::refund_number,
    reply::Reply,
    shop::{Shop, now},
    store::change,
};

#[derive(Serialize)]
struct Refunded<'a> {
    out_refund_no: &'a OutRefundNo,
    status: &'static str,
}

impl Shop {
    pub(crate) async fn refund(&self, number: &str, incoming: &Incoming<'_>) -> Result<Reply, ShopError> {
        let order = self.find(number).await?;
        let amount = refund_amount(incoming)?;
        let new_number = refund_number(now())?;
        let store = self.0.store.orders();
        let (order, reserved) = change(store, &order.out_trade_no, |order| {
            order.reserve_refund(amount, &new_number)
        })
        .await?;
        let refund = reserved.number;
        self.watch_refund(&order, &refund).await?;
        let apply = Apply::new(
            order.paid_to.sub_mchid.clone(),
            order.paid_to.sp_appid.clone(),
            RefundedOrder::OutTradeNo(order.out_trade_no.clone()),
            refund.clone(),
            RefundAmount::cny(amount, order.total),
        )
        .notify_url(self.0.notify_url.clone());
        let applied = self.0.wechatpay.client().call(&apply).await;
        // What was reserved is free again only if this was the first attempt and certainly had no effect. In any other
        // case the refund may have happened.
        let outcome = applied.as_ref().map_err(wechatpay_tower::CallError::outcome);
        change(store, &order.out_trade_no, |order| {
            match outcome {
                Ok(_) => order.refund_accepted(&refund),
                Err(Outcome::Refused | Outcome::NotSent) if reserved.is_new => order.refund_refused(&refund),
                Err(_) => {}
            }
            Ok::<_, ShopError>(())
        })
        .await?;
        if reserved.is_new && matches!(outcome, Err(Outcome::Refused | Outcome::NotSent)) {
            self.refund_refused(&order, &refund).await;
        }
        match applied {
            Ok(_) => Ok(Reply::json(
                200,
                &Refunded {
                    out_refund_no: &refund,
                    status: "PROCESSING",
                },
            )),
            Err(error) => Err(ShopError::Gateway {
                error: Box::new(error),
                order: order.out_trade_no,
                refund: Some(refund),
            }),
        }
    }
}

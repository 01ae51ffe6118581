//! Giving money back.

use http::Method;
use serde::{Deserialize, Serialize};
use wechatpay_core::{
    api::{EchoMismatch, Endpoint, Path},
    types::{Appid, Currency, Fen, Mchid, OutRefundNo, OutTradeNo, RefundId},
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

/// `POST /v3/ecommerce/refunds/apply` (电商收付通, 申请退款). The library has no type for it yet, so the shop brings its own:
/// an endpoint is plain data.
#[derive(Clone, Debug, Serialize)]
struct ApplyForRefund {
    sub_mchid: Mchid,
    sp_appid: Appid,
    out_trade_no: OutTradeNo,
    out_refund_no: OutRefundNo,
    amount: RefundAmount,
    notify_url: String,
}

#[derive(Clone, Debug, Serialize)]
struct RefundAmount {
    refund: Fen,
    total: Fen,
    currency: Currency,
}

/// The answer. It has no status: a refund that is accepted is under way, and a notification tells how it ends.
#[derive(Clone, Debug, Deserialize)]
struct AppliedForRefund {
    out_refund_no: OutRefundNo,
    /// The platform's number of it: read, so that an answer without one is none.
    #[serde(rename = "refund_id")]
    _refund_id: RefundId,
    amount: AppliedAmount,
}

#[derive(Clone, Debug, Deserialize)]
struct AppliedAmount {
    refund: Fen,
}

impl Endpoint for ApplyForRefund {
    const METHOD: Method = Method::POST;
    const TEMPLATE: &'static str = "/v3/ecommerce/refunds/apply";
    type Body<'a> = &'a Self;
    type Response = AppliedForRefund;

    fn path(&self) -> Path {
        Path::new(Self::TEMPLATE)
    }

    fn body(&self) -> Option<&Self> {
        Some(self)
    }

    fn check_echo(&self, response: &AppliedForRefund) -> Result<(), EchoMismatch> {
        EchoMismatch::compare("out_refund_no", &self.out_refund_no, &response.out_refund_no)?;
        EchoMismatch::compare("amount.refund", &self.amount.refund, &response.amount.refund)
    }
}

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
        let apply = ApplyForRefund {
            sub_mchid: order.paid_to.sub_mchid.clone(),
            sp_appid: order.paid_to.sp_appid.clone(),
            out_trade_no: order.out_trade_no.clone(),
            out_refund_no: refund.clone(),
            amount: RefundAmount {
                refund: amount,
                total: order.total,
                currency: Currency::Cny,
            },
            notify_url: self.0.notify_url.clone(),
        };
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
        match applied {
            Ok(_) => Ok(Reply::json(
                200,
                &Refunded {
                    out_refund_no: &refund,
                    status: "PROCESSING",
                },
            )),
            Err(error) => Err(ShopError::Gateway {
                error,
                order: order.out_trade_no,
                refund: Some(refund),
            }),
        }
    }
}

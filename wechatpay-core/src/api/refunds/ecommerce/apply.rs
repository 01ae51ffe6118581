//! Asking for a refund.

use wechatpay_macros::{Endpoint, RequestPart, Response};

use super::{RefundedAmount, RefundedPayee};
use crate::{
    api::{
        EchoMismatch,
        refunds::{FundsAccount, RefundAccount, RefundPromotion, RefundSource, RefundedOrder},
    },
    types::{
        Appid, CombineOutTradeNo, CombineTransactionId, Currency, DateTime, Fen, Mchid, OutRefundNo, RefundId,
    },
};

/// Applies for a refund (申请退款): `POST /v3/ecommerce/refunds/apply`.
///
/// May be repeated unchanged: the same `out_refund_no` is the same refund.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/refunds/apply",
    response = AppliedRefund, idempotency = ByNumber, echo(out_refund_no), check = same_amount
)]
#[request(
    new = "A refund of `amount` for `order`, which is one of its two numbers. `payee` is a sub-merchant's id or a [`RefundedPayee`]."
)]
#[non_exhaustive]
pub struct Apply {
    /// The payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
    /// The platform's app.
    pub sp_appid: Appid,
    /// The order.
    #[serde(flatten)]
    #[request(into)]
    pub order: RefundedOrder,
    /// The merchant's number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Refunded amount.
    pub amount: RefundAmount,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
    /// Why, up to 80 characters; the payer sees it.
    pub reason: Option<String>,
    /// Address for the notification, up to 256 characters, without a query.
    pub notify_url: Option<String>,
    /// Whose money it is paid with.
    pub refund_account: Option<RefundAccount>,
    /// The account it is paid from: `AVAILABLE` while the order is still being shared, `UNSETTLED`, or `PREPAID` for
    /// a personal receiver.
    pub funds_account: Option<FundsAccount>,
    /// The initiator of the combined order, for a personal receiver.
    pub combine_mchid: Option<Mchid>,
    /// The initiator's number of the combined order, for a personal receiver.
    pub combine_out_trade_no: Option<CombineOutTradeNo>,
    /// The platform's number of the combined order, for a personal receiver.
    pub combine_transaction_id: Option<CombineTransactionId>,
}

fn same_amount(request: &Apply, reply: &AppliedRefund) -> Result<(), EchoMismatch> {
    EchoMismatch::compare("amount.refund", &request.amount.refund, &reply.amount.refund)
}

/// The refunded amount (订单金额), in fen. Merchants that are no platform use
/// [`api::refunds::RefundAmount`](crate::api::refunds::RefundAmount) instead.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "`refund` of the `total` that the order cost.")]
#[non_exhaustive]
pub struct RefundAmount {
    /// Refunded amount, at most what is left of the order.
    pub refund: Fen,
    /// Total of the order.
    pub total: Fen,
    /// `CNY` when left out.
    pub currency: Option<Currency>,
    /// The accounts it is paid from; together exactly `refund`.
    pub from: Option<Vec<RefundSource>>,
}

impl RefundAmount {
    /// `refund` of the `total` that the order cost, in yuan's hundredths, with the currency spelled out.
    #[must_use]
    pub fn cny(refund: Fen, total: Fen) -> Self {
        Self::new(refund, total).currency(Currency::Cny)
    }
}

/// A refund that was accepted. It has no status.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AppliedRefund {
    /// The platform's refund number.
    pub refund_id: RefundId,
    /// The merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Refunded amount.
    pub amount: RefundedAmount,
    /// When it was accepted.
    pub create_time: Option<DateTime>,
    /// Whose money it is paid with.
    pub refund_account: Option<RefundAccount>,
    /// Promotions that are refunded.
    pub promotion_detail: Vec<RefundPromotion>,
}

//! Application for a refund.

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

/// Applies for a refund (申请退款).
///
/// `POST /v3/ecommerce/refunds/apply`. Outside e-commerce: [`refunds::Apply`](crate::api::refunds::Apply).
///
/// Safe to retry unchanged: the same `out_refund_no` is the same refund.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/refunds/apply",
    response = AppliedRefund, idempotency = ByNumber, echo(out_refund_no), check = same_amount
)]
#[request(
    new = "Creates a refund for either order number; `payee` is a sub-merchant's id or a [`RefundedPayee`]."
)]
#[non_exhaustive]
pub struct Apply {
    /// Payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
    /// App of the e-commerce platform.
    pub sp_appid: Appid,
    /// Order.
    #[serde(flatten)]
    #[request(into)]
    pub order: RefundedOrder,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Refunded amount.
    pub amount: RefundAmount,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
    /// Reason shown to the payer, up to 80 characters.
    pub reason: Option<String>,
    /// Notification URL, up to 256 characters, without a query string.
    pub notify_url: Option<String>,
    /// Merchant that funds the refund.
    pub refund_account: Option<RefundAccount>,
    /// Account that the refund is paid from.
    ///
    /// `AVAILABLE` while the order is still being shared, `UNSETTLED`, or `PREPAID` for a personal receiver.
    pub funds_account: Option<FundsAccount>,
    /// Initiator of the combined order, for a personal receiver.
    pub combine_mchid: Option<Mchid>,
    /// Initiator's number of the combined order, for a personal receiver.
    pub combine_out_trade_no: Option<CombineOutTradeNo>,
    /// WeChat Pay's number of the combined order, for a personal receiver.
    pub combine_transaction_id: Option<CombineTransactionId>,
}

fn same_amount(request: &Apply, reply: &AppliedRefund) -> Result<(), EchoMismatch> {
    EchoMismatch::compare("amount.refund", &request.amount.refund, &reply.amount.refund)
}

/// Refunded amount (订单金额), in fen.
///
/// All other merchants use [`refunds::RefundAmount`](crate::api::refunds::RefundAmount) with
/// [`refunds::Apply`](crate::api::refunds::Apply).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an amount: `refund` out of the order's `total`.")]
#[non_exhaustive]
pub struct RefundAmount {
    /// Refunded amount, at most the remaining amount of the order.
    pub refund: Fen,
    /// Total of the order.
    pub total: Fen,
    /// `CNY` if omitted.
    pub currency: Option<Currency>,
    /// Accounts that the refund is paid from; their sum must equal `refund`.
    pub from: Option<Vec<RefundSource>>,
}

impl RefundAmount {
    /// Creates an amount in CNY: `refund` out of the order's `total`, in fen.
    #[must_use]
    pub fn cny(refund: Fen, total: Fen) -> Self {
        Self::new(refund, total).currency(Currency::Cny)
    }
}

/// An accepted refund; it has no status.
///
/// [`QueryByOutRefundNo`](super::QueryByOutRefundNo) or the notification states the outcome.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct AppliedRefund {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Refunded amount.
    pub amount: RefundedAmount,
    /// Time of acceptance.
    pub create_time: Option<DateTime>,
    /// Merchant that funds the refund.
    pub refund_account: Option<RefundAccount>,
    /// Refunded promotions.
    pub promotion_detail: Vec<RefundPromotion>,
}

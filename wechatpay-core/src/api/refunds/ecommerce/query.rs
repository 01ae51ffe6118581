//! A refund at the platform, and asking for it.

use wechatpay_macros::{Endpoint, Response};

use super::RefundedPayee;
use crate::{
    api::refunds::{FundsAccount, RefundAccount, RefundChannel, RefundPromotion, RefundSource, RefundStatus},
    types::{Currency, DateTime, Fen, OutRefundNo, OutTradeNo, Redacted, RefundId, TransactionId},
};

/// Queries a refund by the platform's number (按微信支付退款单号查询退款): `GET /v3/ecommerce/refunds/id/{refund_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/refunds/id/{refund_id}", response = Refund, echo(refund_id))]
#[request(new = "The refund `refund_id` of `payee`: a sub-merchant's id or a [`RefundedPayee`].")]
#[non_exhaustive]
pub struct QueryById {
    /// The platform's number of the refund.
    pub refund_id: RefundId,
    /// The payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
}

/// Queries a refund by the merchant's number (按商户退款单号查询退款):
/// `GET /v3/ecommerce/refunds/out-refund-no/{out_refund_no}`.
///
/// Wait a minute after applying; a 404 before that may mean "not yet visible".
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/refunds/out-refund-no/{out_refund_no}",
    response = Refund, echo(out_refund_no)
)]
#[request(new = "The refund `out_refund_no` of `payee`: a sub-merchant's id or a [`RefundedPayee`].")]
#[non_exhaustive]
pub struct QueryByOutRefundNo {
    /// The merchant's number of the refund.
    pub out_refund_no: OutRefundNo,
    /// The payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
}

/// A refund at the platform.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Refund {
    /// The platform's refund number.
    pub refund_id: RefundId,
    /// The merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// The platform's number of the payment.
    pub transaction_id: TransactionId,
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Refunded amount.
    pub amount: RefundedAmount,
    /// State of the refund. The notification calls this field `refund_status`.
    pub status: RefundStatus,
    /// Which way the money goes back.
    pub channel: Option<RefundChannel>,
    /// Destination of the money, in words.
    pub user_received_account: Option<Redacted>,
    /// When the payer got the money.
    pub success_time: Option<DateTime>,
    /// When the refund was accepted.
    pub create_time: Option<DateTime>,
    /// Whose money it is paid with.
    pub refund_account: Option<RefundAccount>,
    /// The account it is paid from.
    pub funds_account: Option<FundsAccount>,
    /// Promotions that are refunded.
    pub promotion_detail: Vec<RefundPromotion>,
}

/// Refunded amounts, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundedAmount {
    /// Refunded amount.
    pub refund: Fen,
    /// The currency.
    pub currency: Option<Currency>,
    /// Amount the payer gets back.
    pub payer_refund: Option<Fen>,
    /// Amount that is refunded as promotions.
    pub discount_refund: Option<Fen>,
    /// Amount that the platform advanced.
    pub advance: Option<Fen>,
    /// Fee that is given back.
    pub refund_fee: Option<Fen>,
    /// The accounts it is paid from.
    pub from: Vec<RefundSource>,
}

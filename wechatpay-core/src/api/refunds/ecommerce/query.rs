//! Queries of a refund, and the refund they return.

use wechatpay_macros::{Endpoint, Response};

use super::RefundedPayee;
use crate::{
    api::refunds::{FundsAccount, RefundAccount, RefundChannel, RefundPromotion, RefundSource, RefundStatus},
    types::{Currency, DateTime, Fen, OutRefundNo, OutTradeNo, Redacted, RefundId, TransactionId},
};

/// Queries a refund by WeChat Pay's number (按微信支付退款单号查询退款).
///
/// `GET /v3/ecommerce/refunds/id/{refund_id}`.
///
/// Other families have a `QueryById` too: [`transactions`](crate::api::transactions::QueryById) and
/// [`applyments`](crate::api::applyments::QueryById).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/ecommerce/refunds/id/{refund_id}", response = Refund, echo(refund_id))]
#[request(
    new = "Creates the request for the refund `refund_id`; `payee` is a sub-merchant's id or a [`RefundedPayee`]."
)]
#[non_exhaustive]
pub struct QueryById {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// Payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
}

/// Queries a refund by the merchant's number (按商户退款单号查询退款).
///
/// `GET /v3/ecommerce/refunds/out-refund-no/{out_refund_no}`. Outside e-commerce:
/// [`refunds::Query`](crate::api::refunds::Query).
///
/// Wait a minute after applying; an earlier 404 may mean "not yet visible".
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/refunds/out-refund-no/{out_refund_no}",
    response = Refund, echo(out_refund_no)
)]
#[request(
    new = "Creates the request for the refund `out_refund_no`; `payee` is a sub-merchant's id or a [`RefundedPayee`]."
)]
#[non_exhaustive]
pub struct QueryByOutRefundNo {
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Payee of the order.
    #[serde(flatten)]
    #[request(into)]
    pub payee: RefundedPayee,
}

/// A refund: response to a query.
///
/// Outside e-commerce: [`refunds::Refund`](crate::api::refunds::Refund).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Refund {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Refunded amount.
    pub amount: RefundedAmount,
    /// State of the refund; the notification calls this field `refund_status`.
    pub status: RefundStatus,
    /// Channel of the refund.
    pub channel: Option<RefundChannel>,
    /// Destination of the money, as text.
    pub user_received_account: Option<Redacted>,
    /// Time at which the payer received the money.
    pub success_time: Option<DateTime>,
    /// Time of acceptance.
    pub create_time: Option<DateTime>,
    /// Merchant that funds the refund.
    pub refund_account: Option<RefundAccount>,
    /// Account that the refund is paid from.
    pub funds_account: Option<FundsAccount>,
    /// Refunded promotions.
    pub promotion_detail: Vec<RefundPromotion>,
}

/// Refunded amounts, in fen.
///
/// Outside e-commerce: [`refunds::RefundedAmount`](crate::api::refunds::RefundedAmount).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundedAmount {
    /// Refunded amount.
    pub refund: Fen,
    /// Currency.
    pub currency: Option<Currency>,
    /// Amount returned to the payer.
    pub payer_refund: Option<Fen>,
    /// Amount refunded as promotions.
    pub discount_refund: Option<Fen>,
    /// Amount advanced by the e-commerce platform.
    pub advance: Option<Fen>,
    /// Returned fee.
    pub refund_fee: Option<Fen>,
    /// Accounts that the refund is paid from.
    pub from: Vec<RefundSource>,
}

//! Subsidies (补差): the platform adds to what an order costs, for orders made with `subsidy_amount` and `profit_sharing`.
//!
//! After the payment is settled and before it is shared. The pages contradict each other on the most per order: 5000 yuan
//! when ordering, 10 000 here.
//!
//! Pages: 请求补差, 请求补差回退, 取消补差.

use wechatpay_macros::{Endpoint, Response, open_enum};

use crate::{
    api::refunds::RefundSource,
    types::{
        DateTime, Fen, Mchid, OutOrderNo, OutSubsidyNo, RefundId, SubsidyId, SubsidyRefundId, TransactionId,
    },
};

/// Result of a subsidy, its return or its cancellation (补差单结果).
#[open_enum]
pub enum SubsidyResult {
    /// Done.
    Success = "SUCCESS",
    /// Not done.
    Fail = "FAIL",
    /// Returned since.
    Refund = "REFUND",
}

/// Adds a subsidy to an order (请求补差): `POST /v3/ecommerce/subsidies/create`.
///
/// No page says that repeating it is safe, with or without a number of yours. When a response is lost, look at the fund
/// flow before you repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/subsidies/create",
    response = Subsidy, echo(sub_mchid, transaction_id), echo_if_present(amount, out_subsidy_no)
)]
#[request(new = "A subsidy of `amount` fen for the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Create {
    /// The sub-merchant, who gets it.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub amount: Fen,
    /// Purpose, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// The merchant's number of the subsidy.
    pub out_subsidy_no: Option<OutSubsidyNo>,
    /// The refund it belongs to; older pages only.
    pub refund_id: Option<RefundId>,
}

/// A subsidy.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Subsidy {
    /// The sub-merchant, who gets it.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// The platform's number of the subsidy.
    pub subsidy_id: SubsidyId,
    /// Result.
    pub result: SubsidyResult,
    /// Purpose.
    pub description: Option<String>,
    /// When it was done.
    pub success_time: Option<DateTime>,
    /// The merchant's number of the subsidy.
    pub out_subsidy_no: Option<OutSubsidyNo>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}

/// Takes a subsidy back, as before a refund (请求补差回退): `POST /v3/ecommerce/subsidies/return`.
///
/// May be repeated unchanged: the same `out_order_no` is the same return.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/subsidies/return",
    response = SubsidyReturn,
    idempotency = ByNumber,
    echo(sub_mchid, out_order_no, transaction_id),
    echo_if_present(amount, refund_id, subsidy_id)
)]
#[request(new = "`amount` fen of the subsidy of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Return {
    /// The sub-merchant, who got it.
    pub sub_mchid: Mchid,
    /// The merchant's number of the return.
    pub out_order_no: OutOrderNo,
    /// The payment.
    pub transaction_id: TransactionId,
    /// Amount in fen.
    pub amount: Fen,
    /// Why, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// The refund it belongs to; older pages require it.
    pub refund_id: Option<RefundId>,
    /// The platform's number of the subsidy.
    pub subsidy_id: Option<SubsidyId>,
    /// The accounts it is paid from: `AVAILABLE`, `UNAVAILABLE`.
    pub from: Option<Vec<RefundSource>>,
}

/// A subsidy that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubsidyReturn {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// The platform's number of the return.
    pub subsidy_refund_id: SubsidyRefundId,
    /// The merchant's number of the return.
    pub out_order_no: OutOrderNo,
    /// Result.
    pub result: SubsidyResult,
    /// The refund it belongs to.
    pub refund_id: Option<RefundId>,
    /// The platform's number of the subsidy.
    pub subsidy_id: Option<SubsidyId>,
    /// Why.
    pub description: Option<String>,
    /// When it was done.
    pub success_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
    /// The accounts it is paid from.
    pub from: Vec<RefundSource>,
}

/// Does without the subsidy that an order was made with (取消补差): `POST /v3/ecommerce/subsidies/cancel`.
///
/// May be repeated unchanged: it is about one payment, and what is cancelled stays cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/subsidies/cancel",
    response = CancelledSubsidy, idempotency = ByNumber, echo(sub_mchid, transaction_id)
)]
#[request(new = "The subsidy of the payment `transaction_id`.")]
#[non_exhaustive]
pub struct Cancel {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// Why, up to 80 characters.
    #[request(into)]
    pub description: String,
}

/// A subsidy that was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CancelledSubsidy {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// Result.
    pub result: SubsidyResult,
    /// Why.
    pub description: Option<String>,
}

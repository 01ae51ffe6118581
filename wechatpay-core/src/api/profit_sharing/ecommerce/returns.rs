//! Returning a share, as before a refund (分账回退).

use wechatpay_macros::{Endpoint, Response};

use crate::{
    api::{
        EchoMismatch,
        profit_sharing::{ReturnFailReason, ReturnResult, SharedOrder},
    },
    types::{DateTime, Fen, Mchid, OutOrderNo, OutReturnNo, SharingOrderId, SharingReturnId, TransactionId},
};

/// Takes a share back from a merchant (请求分账回退): `POST /v3/ecommerce/profitsharing/returnorders`.
///
/// Only from merchants, within 180 days. A return that stays `PROCESSING` fails by itself after five days. What is
/// returned goes to the available balance and cannot be shared again.
///
/// May be repeated unchanged: the same `out_return_no` is the same return.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/returnorders",
    response = SharingReturn,
    idempotency = ByNumber,
    echo(sub_mchid, out_return_no, return_mchid),
    echo_if_present(amount),
    check = same_order
)]
#[request(new = "`amount` fen of the share `order`, which is one of its two numbers.")]
#[non_exhaustive]
pub struct ReturnShare {
    /// The sub-merchant whose money was shared.
    pub sub_mchid: Mchid,
    /// The share.
    #[serde(flatten)]
    #[request(into)]
    pub order: SharedOrder,
    /// The merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// The merchant that returns it.
    pub return_mchid: Mchid,
    /// Amount in fen.
    pub amount: Fen,
    /// Why, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// The payment; required when the order is older than six months.
    pub transaction_id: Option<TransactionId>,
}

fn same_order(request: &ReturnShare, reply: &SharingReturn) -> Result<(), EchoMismatch> {
    request
        .order
        .may_be(reply.order_id.as_ref(), reply.out_order_no.as_ref())
}

/// Queries how a return went (查询分账回退结果): `GET /v3/ecommerce/profitsharing/returnorders`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/returnorders",
    response = SharingReturn, echo(sub_mchid, out_return_no), echo_if_present(order_id, out_order_no)
)]
#[request(new = "The return `out_return_no`; name the share by one of its numbers too.")]
#[non_exhaustive]
pub struct QueryReturn {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// The platform's number of the share; this or `out_order_no`.
    pub order_id: Option<SharingOrderId>,
    /// The merchant's number of the share; this or `order_id`.
    pub out_order_no: Option<OutOrderNo>,
}

/// A return at the platform: the response to returning and to asking.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingReturn {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// The platform's number of the return.
    pub return_no: SharingReturnId,
    /// The merchant that returns it.
    pub return_mchid: Mchid,
    /// Result.
    pub result: ReturnResult,
    /// The platform's number of the share.
    pub order_id: Option<SharingOrderId>,
    /// The merchant's number of the share.
    pub out_order_no: Option<OutOrderNo>,
    /// Why it was returned.
    pub description: Option<String>,
    /// Why it failed.
    pub fail_reason: Option<ReturnFailReason>,
    /// When it was done.
    pub finish_time: Option<DateTime>,
    /// The payment.
    pub transaction_id: Option<TransactionId>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}

//! Returning a share, as before a refund (分账回退).

use wechatpay_macros::{Endpoint, Response};

use super::{ReturnFailReason, ReturnResult, SharedOrder};
use crate::{
    api::EchoMismatch,
    types::{DateTime, Fen, Mchid, OutOrderNo, OutReturnNo, SharingOrderId, SharingReturnId},
};

/// Takes a share back from a merchant (请求分账回退): `POST /v3/profitsharing/return-orders`. The response tells the result.
///
/// May be repeated unchanged: the same `out_return_no` is the same return.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/return-orders",
    response = SharingReturn,
    idempotency = ByNumber,
    echo(out_return_no, return_mchid),
    echo_if_present(sub_mchid, amount),
    check = same_order
)]
#[request(new = "`amount` fen of the share `order`, which is one of its two numbers.")]
#[non_exhaustive]
pub struct ReturnShare {
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
    /// The sub-merchant whose money was shared; required of a service provider.
    pub sub_mchid: Option<Mchid>,
}

fn same_order(request: &ReturnShare, reply: &SharingReturn) -> Result<(), EchoMismatch> {
    request
        .order
        .may_be(reply.order_id.as_ref(), reply.out_order_no.as_ref())
}

/// Queries how a return went (查询分账回退结果): `GET /v3/profitsharing/return-orders/{out_return_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/return-orders/{out_return_no}",
    response = SharingReturn, echo(out_return_no), echo_if_present(out_order_no, sub_mchid)
)]
#[request(new = "The return `out_return_no` of the share `out_order_no`.")]
#[non_exhaustive]
pub struct QueryReturn {
    /// The merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// The merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// A return at the platform: the response to returning and to asking.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingReturn {
    /// The merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// The platform's number of the return. E-commerce calls this field `return_no`.
    pub return_id: SharingReturnId,
    /// The merchant that returns it.
    pub return_mchid: Mchid,
    /// Result.
    pub result: ReturnResult,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// The platform's number of the share.
    pub order_id: Option<SharingOrderId>,
    /// The merchant's number of the share.
    pub out_order_no: Option<OutOrderNo>,
    /// Why it was returned.
    pub description: Option<String>,
    /// Why it failed.
    pub fail_reason: Option<ReturnFailReason>,
    /// When it was accepted.
    pub create_time: Option<DateTime>,
    /// When it was done.
    pub finish_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}

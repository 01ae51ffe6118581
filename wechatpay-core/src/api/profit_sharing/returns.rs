//! Returns of shares, as before a refund (分账回退).

use wechatpay_macros::{Endpoint, Response};

use super::{ReturnFailReason, ReturnResult, SharedOrder};
use crate::{
    api::EchoMismatch,
    types::{DateTime, Fen, Mchid, OutOrderNo, OutReturnNo, SharingOrderId, SharingReturnId},
};

/// Takes a share back from a merchant (请求分账回退).
///
/// `POST /v3/profitsharing/return-orders`. The response contains the result. For e-commerce:
/// [`ecommerce::ReturnShare`](super::ecommerce::ReturnShare).
///
/// Safe to retry unchanged: the same `out_return_no` is the same return.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/profitsharing/return-orders",
    response = SharingReturn,
    idempotency = ByNumber,
    echo(out_return_no, return_mchid),
    echo_if_present(sub_mchid, amount),
    check = same_order
)]
#[request(new = "Creates a return of `amount` from the share `order`, named by either number.")]
#[non_exhaustive]
pub struct ReturnShare {
    /// Share.
    #[serde(flatten)]
    #[request(into)]
    pub order: SharedOrder,
    /// Merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// Merchant that returns the money.
    pub return_mchid: Mchid,
    /// Amount in fen.
    pub amount: Fen,
    /// Reason, up to 80 characters.
    #[request(into)]
    pub description: String,
    /// Sub-merchant whose money was shared; required for a service provider.
    pub sub_mchid: Option<Mchid>,
}

fn same_order(request: &ReturnShare, reply: &SharingReturn) -> Result<(), EchoMismatch> {
    request
        .order
        .may_be(reply.order_id.as_ref(), reply.out_order_no.as_ref())
}

/// Queries the return of a share (查询分账回退结果).
///
/// `GET /v3/profitsharing/return-orders/{out_return_no}`. For e-commerce:
/// [`ecommerce::QueryReturn`](super::ecommerce::QueryReturn).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/profitsharing/return-orders/{out_return_no}",
    response = SharingReturn, echo(out_return_no), echo_if_present(out_order_no, sub_mchid)
)]
#[request(new = "Creates the request for the return `out_return_no` of the share `out_order_no`.")]
#[non_exhaustive]
pub struct QueryReturn {
    /// Merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// Merchant's number of the share.
    pub out_order_no: OutOrderNo,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// The return of a share: response to request and query.
///
/// For e-commerce: [`ecommerce::SharingReturn`](super::ecommerce::SharingReturn).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingReturn {
    /// Merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// WeChat Pay's number of the return; e-commerce calls this field `return_no`.
    pub return_id: SharingReturnId,
    /// Merchant that returns the money.
    pub return_mchid: Mchid,
    /// Result.
    pub result: ReturnResult,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// WeChat Pay's number of the share.
    pub order_id: Option<SharingOrderId>,
    /// Merchant's number of the share.
    pub out_order_no: Option<OutOrderNo>,
    /// Reason of the return.
    pub description: Option<String>,
    /// Failure reason.
    pub fail_reason: Option<ReturnFailReason>,
    /// Time of acceptance.
    pub create_time: Option<DateTime>,
    /// Time of completion.
    pub finish_time: Option<DateTime>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}

//! Returns of shares, as before a refund (分账回退).

use wechatpay_macros::{Endpoint, Response};

use crate::{
    api::{
        EchoMismatch,
        profit_sharing::{ReturnFailReason, ReturnResult, SharedOrder},
    },
    types::{DateTime, Fen, Mchid, OutOrderNo, OutReturnNo, SharingOrderId, SharingReturnId, TransactionId},
};

/// Takes a share back from a merchant (请求分账回退).
///
/// `POST /v3/ecommerce/profitsharing/returnorders`. Outside e-commerce:
/// [`profit_sharing::ReturnShare`](crate::api::profit_sharing::ReturnShare).
///
/// Only merchants can return, within 180 days. A return that stays `PROCESSING` fails after five days. The returned
/// money goes to the available balance and cannot be shared again.
///
/// Safe to retry unchanged: the same `out_return_no` is the same return.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/returnorders",
    response = SharingReturn,
    idempotency = ByNumber,
    echo(sub_mchid, out_return_no, return_mchid),
    echo_if_present(amount),
    check = same_order
)]
#[request(new = "Creates a return of `amount` from the share `order`, named by either number.")]
#[non_exhaustive]
pub struct ReturnShare {
    /// Sub-merchant whose money was shared.
    pub sub_mchid: Mchid,
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
    /// WeChat Pay's transaction id; required for orders older than six months.
    pub transaction_id: Option<TransactionId>,
}

fn same_order(request: &ReturnShare, reply: &SharingReturn) -> Result<(), EchoMismatch> {
    request
        .order
        .may_be(reply.order_id.as_ref(), reply.out_order_no.as_ref())
}

/// Queries the return of a share (查询分账回退结果).
///
/// `GET /v3/ecommerce/profitsharing/returnorders`. Outside e-commerce:
/// [`profit_sharing::QueryReturn`](crate::api::profit_sharing::QueryReturn).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/returnorders",
    response = SharingReturn, echo(sub_mchid, out_return_no), echo_if_present(order_id, out_order_no)
)]
#[request(new = "Creates the request for the return `out_return_no`; set one number of the share too.")]
#[non_exhaustive]
pub struct QueryReturn {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// WeChat Pay's number of the share; give this or `out_order_no`.
    pub order_id: Option<SharingOrderId>,
    /// Merchant's number of the share; give this or `order_id`.
    pub out_order_no: Option<OutOrderNo>,
}

/// The return of a share: response to request and query.
///
/// Outside e-commerce: [`profit_sharing::SharingReturn`](crate::api::profit_sharing::SharingReturn).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingReturn {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's number of the return.
    pub out_return_no: OutReturnNo,
    /// WeChat Pay's number of the return.
    pub return_no: SharingReturnId,
    /// Merchant that returns the money.
    pub return_mchid: Mchid,
    /// Result.
    pub result: ReturnResult,
    /// WeChat Pay's number of the share.
    pub order_id: Option<SharingOrderId>,
    /// Merchant's number of the share.
    pub out_order_no: Option<OutOrderNo>,
    /// Reason of the return.
    pub description: Option<String>,
    /// Failure reason.
    pub fail_reason: Option<ReturnFailReason>,
    /// Time of completion.
    pub finish_time: Option<DateTime>,
    /// WeChat Pay's transaction id.
    pub transaction_id: Option<TransactionId>,
    /// Amount in fen.
    pub amount: Option<Fen>,
}

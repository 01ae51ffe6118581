//! Ending the sharing of an order, and what is left to share.

use wechatpay_macros::{Endpoint, Response};

use crate::{
    api::profit_sharing::UnsplitAmount,
    types::{Mchid, OutOrderNo, SharingOrderId, TransactionId},
};

/// Ends the sharing of an order and releases what is left to the sub-merchant (完结分账):
/// `POST /v3/ecommerce/profitsharing/finish-order`.
///
/// `out_order_no` must be **a new number**: under the number of a share this responses success and releases nothing.
/// May be repeated unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/finish-order",
    response = FinishedOrder, idempotency = ByNumber, echo_if_present(sub_mchid, transaction_id, out_order_no)
)]
#[request(new = "The payment `transaction_id`.")]
#[non_exhaustive]
pub struct FinishOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// The payment.
    pub transaction_id: TransactionId,
    /// A new number of the merchant's.
    pub out_order_no: OutOrderNo,
    /// Why, up to 80 characters.
    #[request(into)]
    pub description: String,
}

/// The response to ending the sharing; [`QueryShare`](super::QueryShare) tells what was released.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct FinishedOrder {
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// The payment.
    pub transaction_id: Option<TransactionId>,
    /// The merchant's number of this call.
    pub out_order_no: Option<OutOrderNo>,
    /// The platform's number of it.
    pub order_id: Option<SharingOrderId>,
}

/// Queries what is left to share (查询订单剩余待分金额):
/// `GET /v3/ecommerce/profitsharing/orders/{transaction_id}/amounts`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/orders/{transaction_id}/amounts",
    response = UnsplitAmount, echo(transaction_id)
)]
#[request(new = "The payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryUnsplitAmount {
    /// The payment.
    pub transaction_id: TransactionId,
}

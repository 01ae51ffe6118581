//! End of the sharing of an order, and its remaining amount.

use wechatpay_macros::{Endpoint, Response};

use crate::{
    api::profit_sharing::UnsplitAmount,
    types::{Mchid, OutOrderNo, SharingOrderId, TransactionId},
};

/// Ends the sharing of an order and releases the rest (完结分账).
///
/// `POST /v3/ecommerce/profitsharing/finish-order`. The rest goes to the sub-merchant.
///
/// `out_order_no` must be **a new number**: under the number of a share, WeChat Pay returns success and releases
/// nothing. Safe to retry unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/profitsharing/finish-order",
    response = FinishedOrder, idempotency = ByNumber, echo_if_present(sub_mchid, transaction_id, out_order_no)
)]
#[request(new = "Creates the request for the payment `transaction_id`.")]
#[non_exhaustive]
pub struct FinishOrder {
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// New number, not used by any share.
    pub out_order_no: OutOrderNo,
    /// Reason, up to 80 characters.
    #[request(into)]
    pub description: String,
}

/// Response to [`FinishOrder`]; [`QueryShare`](super::QueryShare) returns the released amount.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct FinishedOrder {
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// WeChat Pay's transaction id.
    pub transaction_id: Option<TransactionId>,
    /// Merchant's number of this call.
    pub out_order_no: Option<OutOrderNo>,
    /// WeChat Pay's number of this call.
    pub order_id: Option<SharingOrderId>,
}

/// Queries the remaining amount to share (查询订单剩余待分金额).
///
/// `GET /v3/ecommerce/profitsharing/orders/{transaction_id}/amounts`. Outside e-commerce:
/// [`profit_sharing::QueryUnsplitAmount`](crate::api::profit_sharing::QueryUnsplitAmount).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/profitsharing/orders/{transaction_id}/amounts",
    response = UnsplitAmount, echo(transaction_id)
)]
#[request(new = "Creates the request for the payment `transaction_id`.")]
#[non_exhaustive]
pub struct QueryUnsplitAmount {
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
}

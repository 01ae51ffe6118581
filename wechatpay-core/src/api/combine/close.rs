//! Closing an unpaid combined order.

use wechatpay_macros::{Endpoint, RequestPart};

use crate::types::{Appid, CombineOutTradeNo, Mchid, OutTradeNo, Redacted};

/// Closes an unpaid combined order (合单关闭订单).
///
/// `POST /v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close`; the response is an empty 204.
/// [`transactions::Close`](crate::api::transactions::Close) closes an ordinary order.
///
/// Closing twice succeeds; closing a paid order fails.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close",
    idempotency = ByNumber
)]
#[request(new = "Creates the request for the order `combine_out_trade_no` with all its sub-orders.")]
#[non_exhaustive]
pub struct Close {
    /// Initiator's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The initiator's app.
    pub combine_appid: Appid,
    /// All sub-orders of the combined order, exactly as ordered.
    pub sub_orders: Vec<ClosedSubOrder>,
}

/// A sub-order to close with the others.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for the order `out_trade_no` of `mchid`.")]
#[non_exhaustive]
pub struct ClosedSubOrder {
    /// Merchant that initiated the sub-order.
    pub mchid: Mchid,
    /// Order number of the sub-order.
    pub out_trade_no: OutTradeNo,
    /// Authorisation id of a personal receiver, paid instead of a sub-merchant.
    pub individual_auth_id: Option<Redacted>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
}

//! Closing an unpaid combined order.

use wechatpay_macros::{Endpoint, RequestPart};

use crate::types::{Appid, CombineOutTradeNo, Mchid, OutTradeNo, Redacted};

/// Closes an unpaid combined order (合单关闭订单):
/// `POST /v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close`, answered 204.
///
/// Closing twice succeeds; a paid order cannot be closed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close",
    idempotency = ByNumber
)]
#[request(new = "The order `combine_out_trade_no` with all its sub-orders.")]
#[non_exhaustive]
pub struct Close {
    /// The initiator's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The initiator's app.
    pub combine_appid: Appid,
    /// Exactly the sub-orders that were ordered, all of them.
    pub sub_orders: Vec<ClosedSubOrder>,
}

/// A sub-order that is to be closed with the others.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "The order `out_trade_no` of `mchid`.")]
#[non_exhaustive]
pub struct ClosedSubOrder {
    /// The merchant that initiated it.
    pub mchid: Mchid,
    /// Its number.
    pub out_trade_no: OutTradeNo,
    /// The personal receiver's authorisation, if one is paid instead of a sub-merchant.
    pub individual_auth_id: Option<Redacted>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
}

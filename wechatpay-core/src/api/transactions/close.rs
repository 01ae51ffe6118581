//! Closing an unpaid order.

use wechatpay_macros::Endpoint;

use crate::types::{Mchid, OutTradeNo};

/// Closes an unpaid order (关闭订单).
///
/// `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`; the response is an empty 204.
/// [`combine::Close`](crate::api::combine::Close) closes a combined order.
///
/// Closing twice succeeds; closing a paid order fails. Older pages ask for at least five minutes since the order was
/// placed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", idempotency = ByNumber)]
#[request(new = "Creates the request for the order `out_trade_no` of `mchid`.")]
#[non_exhaustive]
pub struct Close {
    /// The merchant.
    pub mchid: Mchid,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
}

/// Closes an unpaid order of a sub-merchant (关闭订单).
///
/// `POST /v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close`; the response is an empty 204.
///
/// Closing twice succeeds; closing a paid order fails. Older pages ask for at least five minutes since the order was
/// placed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close", idempotency = ByNumber)]
#[request(new = "Creates the request for the order `out_trade_no` that `sp_mchid` made for `sub_mchid`.")]
#[non_exhaustive]
pub struct PartnerClose {
    /// Service provider.
    pub sp_mchid: Mchid,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
}

//! Queries of an order by either of its numbers.

use wechatpay_macros::Endpoint;

use super::Transaction;
use crate::types::{Mchid, OutTradeNo, TransactionId};

/// Queries an order by the merchant's number (商户订单号查询).
///
/// `GET /v3/pay/transactions/out-trade-no/{out_trade_no}`.
/// [`combine::QueryByOutTradeNo`](crate::api::combine::QueryByOutTradeNo) queries a combined order.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}",
    response = Transaction, echo(out_trade_no, mchid)
)]
#[request(new = "Creates the request for the order `out_trade_no` of `mchid`.")]
#[non_exhaustive]
pub struct QueryByOutTradeNo {
    /// The merchant.
    pub mchid: Mchid,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
}

/// Queries a sub-merchant's order by the merchant's number (商户订单号查询).
///
/// `GET /v3/pay/partner/transactions/out-trade-no/{out_trade_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}",
    response = Transaction, echo(out_trade_no, sp_mchid, sub_mchid)
)]
#[request(new = "Creates the request for the order `out_trade_no` that `sp_mchid` made for `sub_mchid`.")]
#[non_exhaustive]
pub struct PartnerQueryByOutTradeNo {
    /// Service provider.
    pub sp_mchid: Mchid,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
}

/// Queries an order by WeChat Pay's number (微信支付订单号查询).
///
/// `GET /v3/pay/transactions/id/{transaction_id}`. An unpaid order has no such number.
///
/// Other families have a `QueryById` too: [`refunds::ecommerce`](crate::api::refunds::ecommerce::QueryById) and
/// [`applyments`](crate::api::applyments::QueryById).
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/pay/transactions/id/{transaction_id}",
    response = Transaction, echo(transaction_id, mchid)
)]
#[request(new = "Creates the request for the order `transaction_id` of `mchid`.")]
#[non_exhaustive]
pub struct QueryById {
    /// The merchant.
    pub mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
}

/// Queries a sub-merchant's order by WeChat Pay's number (微信支付订单号查询).
///
/// `GET /v3/pay/partner/transactions/id/{transaction_id}`. An unpaid order has no such number.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/pay/partner/transactions/id/{transaction_id}",
    response = Transaction, echo(transaction_id, sp_mchid, sub_mchid)
)]
#[request(new = "Creates the request for the order `transaction_id` that `sp_mchid` made for `sub_mchid`.")]
#[non_exhaustive]
pub struct PartnerQueryById {
    /// Service provider.
    pub sp_mchid: Mchid,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
}

//! Orders that a contract pays.

use wechatpay_macros::{Endpoint, RequestPart};

use crate::{
    api::{
        combine::{CombineAmount, CombinedTransaction},
        prepay::SettleInfo,
    },
    types::{Appid, CombineOutTradeNo, Mchid, OutTradeNo, Redacted},
};

/// One sub-order of a deduction (子单信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a sub-order that pays `sub_mchid`.")]
#[non_exhaustive]
pub struct SubOrder {
    /// Merchant that initiates the sub-order: the platform.
    pub mchid: Mchid,
    /// Text that comes back with the order.
    pub attach: Option<String>,
    /// Amount of the sub-order.
    pub amount: CombineAmount,
    /// Platform's number of the sub-order.
    pub out_trade_no: OutTradeNo,
    /// Sub-merchant that is paid.
    pub sub_mchid: Mchid,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
    /// Goods, as the payer sees them.
    #[request(into)]
    pub description: String,
    /// Settlement.
    pub settle_info: Option<SettleInfo>,
    /// Facts about the sub-order for risk control.
    pub sub_risk_info: Option<Redacted>,
}

/// Charges a contract for several orders (电商合单委托代扣支付).
///
/// `POST /v3/ecommerce/combine-papay/transactions`.
///
/// Not retried: if the outcome is unknown, query the order by its number.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/combine-papay/transactions",
    response = CombinedTransaction, echo(combine_out_trade_no, combine_mchid), echo_if_present(combine_appid)
)]
#[request(new = "Creates the combined order `combine_out_trade_no`, paid by a contract.")]
#[non_exhaustive]
pub struct Deduct {
    /// App of the platform.
    pub combine_appid: Appid,
    /// The platform.
    pub combine_mchid: Mchid,
    /// Platform's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// WeChat Pay's id of the contract.
    #[request(into)]
    pub contract_id: String,
    /// Sub-orders.
    pub sub_orders: Option<Vec<SubOrder>>,
    /// Facts about the order for risk control.
    pub risk_info: Option<Redacted>,
}

/// Queries a combined order by the platform's number (电商合单委托代扣查询订单).
///
/// `GET /v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}",
    response = CombinedTransaction, echo(combine_out_trade_no)
)]
#[request(new = "Creates the request for the order `combine_out_trade_no`.")]
#[non_exhaustive]
pub struct QueryDeduction {
    /// Platform's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
}

/// A sub-order to reverse with the others (子单信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for the order `out_trade_no` that paid `sub_mchid`.")]
#[non_exhaustive]
pub struct ReversedSubOrder {
    /// Merchant that initiated the sub-order.
    pub mchid: Mchid,
    /// Platform's number of the sub-order.
    pub out_trade_no: OutTradeNo,
    /// Sub-merchant that was paid.
    pub sub_mchid: Mchid,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
}

/// Reverses a combined order: closes it, or returns its money (电商合单委托代扣撤销订单).
///
/// `POST /v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}/reverse`.
///
/// Safe to retry unchanged: a reversed order stays reversed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/ecommerce/combine-papay/transactions/{combine_out_trade_no}/reverse",
    idempotency = ByNumber
)]
#[request(new = "Creates the request for the order `combine_out_trade_no`.")]
#[non_exhaustive]
pub struct Reverse {
    /// Platform's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// App of the platform.
    pub combine_appid: Appid,
    /// All its sub-orders.
    pub sub_orders: Option<Vec<ReversedSubOrder>>,
}

//! Queries of combined orders, and the combined order they return.

use wechatpay_macros::{Endpoint, Response};

use crate::{
    api::{
        combine::TradeScenario,
        transactions::{InstallmentInfo, Promotion, SceneInfo, TradeState, TradeType},
    },
    types::{
        Appid, CombineOutTradeNo, CombineTransactionId, Currency, DateTime, Fen, Mchid, Openid, OutTradeNo,
        Redacted, TransactionId,
    },
};

/// Queries a combined order by the initiator's number (合单查询订单).
///
/// `GET /v3/combine-transactions/out-trade-no/{combine_out_trade_no}`.
///
/// [`transactions::QueryByOutTradeNo`](crate::api::transactions::QueryByOutTradeNo) queries an ordinary order.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}",
    response = CombinedTransaction, echo(combine_out_trade_no)
)]
#[request(new = "Creates the request for the order `combine_out_trade_no`.")]
#[non_exhaustive]
pub struct QueryByOutTradeNo {
    /// Initiator's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
}

/// Queries a combined order by WeChat Pay's number (微信合单订单号查询).
///
/// `GET /v3/combine-transactions/id/{combine_transaction_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/combine-transactions/id/{combine_transaction_id}",
    response = CombinedTransaction, echo(combine_transaction_id)
)]
#[request(new = "Creates the request for the order `combine_transaction_id`.")]
#[non_exhaustive]
pub struct QueryByTransactionId {
    /// WeChat Pay's number of the combined order.
    pub combine_transaction_id: CombineTransactionId,
}

/// A combined order: response to a query and resource of a payment notification.
///
/// Each sub-order has its own state, transaction id and amount; the combined order has none. Compare every sub-order
/// with your orders before you deliver: [`CombinedExpectation`](crate::notify::CombinedExpectation).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CombinedTransaction {
    /// Initiator.
    pub combine_mchid: Mchid,
    /// Initiator's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The initiator's app.
    pub combine_appid: Option<Appid>,
    /// WeChat Pay's number of the combined order; missing in older responses.
    pub combine_transaction_id: Option<CombineTransactionId>,
    /// Trade scenario.
    pub trade_scenario: Option<TradeScenario>,
    /// Scene of the payment.
    pub scene_info: Option<SceneInfo>,
    /// Payer.
    pub combine_payer_info: Option<CombinePayerInfo>,
    /// Instalments (微信分付).
    pub installment_info: Option<InstallmentInfo>,
    /// Sub-orders.
    pub sub_orders: Vec<SubTransaction>,
}

/// Payer of a combined order.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CombinePayerInfo {
    /// Openid under the initiator's app.
    pub openid: Option<Openid>,
    /// Openid under the sub-merchant's app.
    pub sub_openid: Option<Openid>,
}

/// One sub-order of a combined order, as WeChat Pay reports it.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubTransaction {
    /// Merchant that initiated the sub-order.
    pub mchid: Mchid,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// State of the order.
    pub trade_state: TradeState,
    /// Payment scene; absent while unpaid.
    pub trade_type: Option<TradeType>,
    /// Paying bank or wallet: `OTHERS`, `CMC`, … an open set.
    pub bank_type: Option<String>,
    /// The `attach` of the order request.
    pub attach: Option<String>,
    /// Time of payment.
    pub success_time: Option<DateTime>,
    /// WeChat Pay's transaction id; absent while unpaid.
    ///
    /// Refunds and profit sharing of this sub-order use it.
    pub transaction_id: Option<TransactionId>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
    /// Payer's openid under the sub-merchant's app.
    pub sub_openid: Option<Openid>,
    /// Authorisation id of the payee (personal receivers only).
    pub individual_auth_id: Option<Redacted>,
    /// Name of the payee (personal receivers only).
    pub individual_name: Option<Redacted>,
    /// Amounts; absent while unpaid.
    pub amount: Option<SubAmount>,
    /// Promotions used.
    pub promotion_detail: Vec<Promotion>,
}

/// Amounts of a sub-order, in fen.
///
/// The field names differ from those of [`transactions::Amount`](crate::api::transactions::Amount).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubAmount {
    /// Currency of the order.
    pub currency: Option<Currency>,
    /// Currency of the payer.
    pub payer_currency: Option<Currency>,
    /// Total of the order, to be compared with your order.
    pub total_amount: Option<Fen>,
    /// Amount paid by the payer after coupons.
    pub payer_amount: Option<Fen>,
    /// Exchange rate, multiplied by 10⁸.
    pub settlement_rate: Option<i64>,
}

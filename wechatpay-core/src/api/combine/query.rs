//! A combined order at the platform: the response of a query, and the resource of a payment notification.

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

/// Queries a combined order by the initiator's number (合单查询订单):
/// `GET /v3/combine-transactions/out-trade-no/{combine_out_trade_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}",
    response = CombinedTransaction, echo(combine_out_trade_no)
)]
#[request(new = "The order `combine_out_trade_no`.")]
#[non_exhaustive]
pub struct QueryByOutTradeNo {
    /// The initiator's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
}

/// Queries a combined order by the platform's number (微信合单订单号查询):
/// `GET /v3/combine-transactions/id/{combine_transaction_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/combine-transactions/id/{combine_transaction_id}",
    response = CombinedTransaction, echo(combine_transaction_id)
)]
#[request(new = "The order `combine_transaction_id`.")]
#[non_exhaustive]
pub struct QueryByTransactionId {
    /// The platform's number of the whole.
    pub combine_transaction_id: CombineTransactionId,
}

/// A combined order. Each sub-order has its own state, number and amount; the whole has none.
///
/// Compare every one of them with your orders before you hand anything over:
/// [`CombinedExpectation`](crate::notify::CombinedExpectation).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CombinedTransaction {
    /// The initiator.
    pub combine_mchid: Mchid,
    /// The initiator's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The initiator's app.
    pub combine_appid: Option<Appid>,
    /// The platform's number of the whole; older responses have none.
    pub combine_transaction_id: Option<CombineTransactionId>,
    /// Kind of trade.
    pub trade_scenario: Option<TradeScenario>,
    /// The place of the payment.
    pub scene_info: Option<SceneInfo>,
    /// Who paid.
    pub combine_payer_info: Option<CombinePayerInfo>,
    /// Instalments (微信分付).
    pub installment_info: Option<InstallmentInfo>,
    /// The orders it is made of.
    pub sub_orders: Vec<SubTransaction>,
}

/// Who paid a combined order.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CombinePayerInfo {
    /// Below the initiator's app.
    pub openid: Option<Openid>,
    /// Below the sub-merchant's app.
    pub sub_openid: Option<Openid>,
}

/// One order of a combined one.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubTransaction {
    /// The merchant that initiated it.
    pub mchid: Mchid,
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// State of the order.
    pub trade_state: TradeState,
    /// Way of payment; absent while unpaid.
    pub trade_type: Option<TradeType>,
    /// Bank or purse that paid: `OTHERS`, `CMC`, … an open set.
    pub bank_type: Option<String>,
    /// The `attach` of the order request.
    pub attach: Option<String>,
    /// When it was paid.
    pub success_time: Option<DateTime>,
    /// The platform's number, for refunds and sharing of this order; absent while unpaid.
    pub transaction_id: Option<TransactionId>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
    /// The sub-merchant's app.
    pub sub_appid: Option<Appid>,
    /// The payer below the sub-merchant's app.
    pub sub_openid: Option<Openid>,
    /// The payee's authorisation (personal payees only).
    pub individual_auth_id: Option<Redacted>,
    /// The payee's name (personal payees only).
    pub individual_name: Option<Redacted>,
    /// Amounts; absent while unpaid.
    pub amount: Option<SubAmount>,
    /// Promotions that were used.
    pub promotion_detail: Vec<Promotion>,
}

/// Amounts of a sub-order, in fen. The names differ from those of an ordinary order.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SubAmount {
    /// Currency of the order.
    pub currency: Option<Currency>,
    /// Currency of the payer.
    pub payer_currency: Option<Currency>,
    /// Total of the order. Compare this one with the order.
    pub total_amount: Option<Fen>,
    /// Amount the payer gave, after coupons.
    pub payer_amount: Option<Fen>,
    /// Rate of exchange, times 10⁸.
    pub settlement_rate: Option<i64>,
}

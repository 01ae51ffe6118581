//! Ordering: one request per scene.

use wechatpay_macros::{Endpoint, RequestPart, Response};

use super::{CombineH5Scene, CombinePayer, CombineScene, IndividualSubOrder, SubOrder, TradeScenario};
use crate::{
    api::prepay::{CodeUrlResponse, H5UrlResponse, LimitPay, PrepayIdResponse, SubsidyInfo},
    types::{Appid, CombineOutTradeNo, DateTime, Mchid, PrepayId, Redacted},
};

/// Orders for a page or mini program inside WeChat (合单JSAPI下单): `POST /v3/combine-transactions/jsapi`.
///
/// Repeating it with the same number and identical parameters renews the session; any difference is refused.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/jsapi", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "An order with what every combined order must have.")]
#[non_exhaustive]
pub struct JsapiPrepay {
    /// The initiator's app, to which every merchant that takes part must be bound.
    pub combine_appid: Appid,
    /// The initiator, who signs.
    pub combine_mchid: Mchid,
    /// The initiator's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The orders: 1 to 50 of a service provider, 2 to 10 of ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Address for the notification: absolute, public, without a query; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// The payer.
    pub combine_payer_info: CombinePayer,
    /// The place where the order is made.
    pub scene_info: Option<CombineScene>,
    /// Subsidies for instalments.
    pub subsidy_info: Option<SubsidyInfo>,
    /// First instant at which it can be paid.
    pub time_start: Option<DateTime>,
    /// Last instant at which it can be paid: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Ways of paying that are forbidden or demanded.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// The kind of trade.
    pub trade_scenario: Option<TradeScenario>,
}

/// Orders for an app (合单APP下单): `POST /v3/combine-transactions/app`.
///
/// Repeating it with the same number and identical parameters renews the session; any difference is refused.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/app", response = ContractPrepayResponse, idempotency = ByNumber)]
#[request(new = "An order with what every combined order must have.")]
#[non_exhaustive]
pub struct AppPrepay {
    /// The initiator's app, to which every merchant that takes part must be bound.
    pub combine_appid: Appid,
    /// The initiator, who signs.
    pub combine_mchid: Mchid,
    /// The initiator's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The orders: 1 to 50 of a service provider, 2 to 10 of ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Address for the notification: absolute, public, without a query; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Real-name restriction.
    pub combine_payer_info: Option<CombinePayer>,
    /// The place where the order is made.
    pub scene_info: Option<CombineScene>,
    /// Subsidies for instalments.
    pub subsidy_info: Option<SubsidyInfo>,
    /// An earlier session of the order.
    pub prepay_id: Option<PrepayId>,
    /// An agreement on later deductions that the payer makes together with the payment.
    pub contract_info: Option<ContractInfo>,
    /// First instant at which it can be paid.
    pub time_start: Option<DateTime>,
    /// Last instant at which it can be paid: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Ways of paying that are forbidden or demanded.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// The kind of trade.
    pub trade_scenario: Option<TradeScenario>,
}

/// Orders for a mobile browser outside WeChat (合单H5下单): `POST /v3/combine-transactions/h5`.
///
/// Repeating it with the same number and identical parameters renews the session; any difference is refused.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/h5", response = H5UrlResponse, idempotency = ByNumber)]
#[request(new = "An order with what every combined order must have.")]
#[non_exhaustive]
pub struct H5Prepay {
    /// The initiator's app, to which every merchant that takes part must be bound.
    pub combine_appid: Appid,
    /// The initiator, who signs.
    pub combine_mchid: Mchid,
    /// The initiator's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The orders: 1 to 50 of a service provider, 2 to 10 of ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Address for the notification: absolute, public, without a query; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// The place where the order is made.
    pub scene_info: CombineH5Scene,
    /// Real-name restriction.
    pub combine_payer_info: Option<CombinePayer>,
    /// First instant at which it can be paid.
    pub time_start: Option<DateTime>,
    /// Last instant at which it can be paid: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Ways of paying that are forbidden or demanded.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// The kind of trade.
    pub trade_scenario: Option<TradeScenario>,
}

/// Orders that are paid by scanning a code (合单Native下单): `POST /v3/combine-transactions/native`.
///
/// Repeating it with the same number and identical parameters renews the session; any difference is refused.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/native", response = CodeUrlResponse, idempotency = ByNumber)]
#[request(new = "An order with what every combined order must have.")]
#[non_exhaustive]
pub struct NativePrepay {
    /// The initiator's app, to which every merchant that takes part must be bound.
    pub combine_appid: Appid,
    /// The initiator, who signs.
    pub combine_mchid: Mchid,
    /// The initiator's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The orders: 1 to 50 of a service provider, 2 to 10 of ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Address for the notification: absolute, public, without a query; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Real-name restriction.
    pub combine_payer_info: Option<CombinePayer>,
    /// The place where the order is made.
    pub scene_info: Option<CombineScene>,
    /// First instant at which it can be paid.
    pub time_start: Option<DateTime>,
    /// Last instant at which it can be paid: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Ways of paying that are forbidden or demanded.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// The kind of trade.
    pub trade_scenario: Option<TradeScenario>,
}

/// Orders in a mini program that pay persons (个人收款交易下单): `POST /v3/combine-transactions/miniprogram`.
///
/// Repeating it with the same number and identical parameters renews the session; any difference is refused.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/miniprogram", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "An order with what every such order must have.")]
#[non_exhaustive]
pub struct MiniProgramPrepay {
    /// The platform's app.
    pub combine_appid: Appid,
    /// The platform, who signs.
    pub combine_mchid: Mchid,
    /// The platform's number of the whole.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// The payer.
    pub combine_payer_info: CombinePayer,
    /// The orders.
    pub sub_orders: Vec<IndividualSubOrder>,
    /// The place where the order is made.
    pub scene_info: Option<CombineScene>,
    /// Last instant at which it can be paid.
    pub time_expire: Option<DateTime>,
    /// Address for the notification: absolute, public, without a query; up to 255 characters.
    pub notify_url: Option<String>,
    /// Kind of trade.
    pub trade_scenario: Option<TradeScenario>,
}

/// An agreement on later deductions (签约信息), made together with a payment in an app.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "The agreement `out_contract_code`.")]
#[non_exhaustive]
pub struct ContractInfo {
    /// The merchant of the agreement.
    pub mchid: Mchid,
    /// Its app.
    pub appid: Appid,
    /// The merchant's number of the agreement.
    #[request(into)]
    pub out_contract_code: String,
    /// Number of the plan.
    pub plan_id: u64,
    /// The payer's name at the merchant, as the agreement shows it.
    #[request(into)]
    pub contract_display_account: Redacted,
    /// Address for the notification of the agreement.
    #[request(into)]
    pub notify_url: String,
}

/// Response of combined APP orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ContractPrepayResponse {
    /// The session, valid for two hours.
    pub prepay_id: PrepayId,
    /// Result of the agreement, if the order asked for one.
    pub contract_result: Option<ContractResult>,
}

/// Result of an agreement that was asked for together with a payment.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ContractResult {
    /// `SUCCESS`, or the code of the error.
    pub code: Option<String>,
    /// The error in words.
    pub message: Option<String>,
}

//! Combined orders, one request type per scene.

use wechatpay_macros::{Endpoint, RequestPart, Response};

use super::{CombineH5Scene, CombinePayer, CombineScene, IndividualSubOrder, SubOrder, TradeScenario};
use crate::{
    api::prepay::{CodeUrlResponse, H5UrlResponse, LimitPay, PrepayIdResponse, SubsidyInfo},
    types::{Appid, CombineOutTradeNo, DateTime, Mchid, PrepayId, Redacted},
};

/// Places a combined order in an official account or mini program (合单JSAPI下单).
///
/// `POST /v3/combine-transactions/jsapi`. An ordinary order uses
/// [`prepay::JsapiPrepay`](crate::api::prepay::JsapiPrepay).
///
/// Repeating it with the same number and identical parameters renews the `prepay_id`; any difference is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/jsapi", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct JsapiPrepay {
    /// Initiator's app, bound to every participating merchant.
    pub combine_appid: Appid,
    /// Initiator, who signs the request.
    pub combine_mchid: Mchid,
    /// Initiator's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// Sub-orders: 1 to 50 for a service provider, 2 to 10 for ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Payer.
    pub combine_payer_info: CombinePayer,
    /// Scene of the order.
    pub scene_info: Option<CombineScene>,
    /// Instalment subsidies.
    pub subsidy_info: Option<SubsidyInfo>,
    /// Start of the payment window.
    pub time_start: Option<DateTime>,
    /// Payment deadline: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Required or excluded payment methods.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// Trade scenario.
    pub trade_scenario: Option<TradeScenario>,
}

/// Places a combined order in an app (合单APP下单).
///
/// `POST /v3/combine-transactions/app`. An ordinary order uses [`prepay::AppPrepay`](crate::api::prepay::AppPrepay).
///
/// Repeating it with the same number and identical parameters renews the `prepay_id`; any difference is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/app", response = ContractPrepayResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct AppPrepay {
    /// Initiator's app, bound to every participating merchant.
    pub combine_appid: Appid,
    /// Initiator, who signs the request.
    pub combine_mchid: Mchid,
    /// Initiator's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// Sub-orders: 1 to 50 for a service provider, 2 to 10 for ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Real-name restriction.
    pub combine_payer_info: Option<CombinePayer>,
    /// Scene of the order.
    pub scene_info: Option<CombineScene>,
    /// Instalment subsidies.
    pub subsidy_info: Option<SubsidyInfo>,
    /// Earlier `prepay_id` of the order.
    pub prepay_id: Option<PrepayId>,
    /// Agreement on later deductions, signed together with the payment.
    pub contract_info: Option<ContractInfo>,
    /// Start of the payment window.
    pub time_start: Option<DateTime>,
    /// Payment deadline: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Required or excluded payment methods.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// Trade scenario.
    pub trade_scenario: Option<TradeScenario>,
}

/// Places a combined order in a mobile browser outside WeChat (合单H5下单).
///
/// `POST /v3/combine-transactions/h5`. An ordinary order uses [`prepay::H5Prepay`](crate::api::prepay::H5Prepay).
///
/// Repeating it with the same number and identical parameters renews the URL; any difference is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/h5", response = H5UrlResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct H5Prepay {
    /// Initiator's app, bound to every participating merchant.
    pub combine_appid: Appid,
    /// Initiator, who signs the request.
    pub combine_mchid: Mchid,
    /// Initiator's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// Sub-orders: 1 to 50 for a service provider, 2 to 10 for ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Scene of the order.
    pub scene_info: CombineH5Scene,
    /// Real-name restriction.
    pub combine_payer_info: Option<CombinePayer>,
    /// Start of the payment window.
    pub time_start: Option<DateTime>,
    /// Payment deadline: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Required or excluded payment methods.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// Trade scenario.
    pub trade_scenario: Option<TradeScenario>,
}

/// Places a combined order paid by scanning a QR code (合单Native下单).
///
/// `POST /v3/combine-transactions/native`. An ordinary order uses
/// [`prepay::NativePrepay`](crate::api::prepay::NativePrepay).
///
/// Repeating it with the same number and identical parameters renews the code; any difference is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/native", response = CodeUrlResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct NativePrepay {
    /// Initiator's app, bound to every participating merchant.
    pub combine_appid: Appid,
    /// Initiator, who signs the request.
    pub combine_mchid: Mchid,
    /// Initiator's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// Sub-orders: 1 to 50 for a service provider, 2 to 10 for ordinary merchants.
    pub sub_orders: Vec<SubOrder>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Real-name restriction.
    pub combine_payer_info: Option<CombinePayer>,
    /// Scene of the order.
    pub scene_info: Option<CombineScene>,
    /// Start of the payment window.
    pub time_start: Option<DateTime>,
    /// Payment deadline: one minute to seven days from now.
    pub time_expire: Option<DateTime>,
    /// Required or excluded payment methods.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// Trade scenario.
    pub trade_scenario: Option<TradeScenario>,
}

/// Places a combined order that pays persons in a mini program (个人收款交易下单).
///
/// `POST /v3/combine-transactions/miniprogram`.
///
/// Repeating it with the same number and identical parameters renews the `prepay_id`; any difference is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/combine-transactions/miniprogram", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct MiniProgramPrepay {
    /// App of the e-commerce platform.
    pub combine_appid: Appid,
    /// E-commerce platform, which signs the request.
    pub combine_mchid: Mchid,
    /// E-commerce platform's number of the combined order.
    pub combine_out_trade_no: CombineOutTradeNo,
    /// Payer.
    pub combine_payer_info: CombinePayer,
    /// Sub-orders.
    pub sub_orders: Vec<IndividualSubOrder>,
    /// Scene of the order.
    pub scene_info: Option<CombineScene>,
    /// Payment deadline.
    pub time_expire: Option<DateTime>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    pub notify_url: Option<String>,
    /// Trade scenario.
    pub trade_scenario: Option<TradeScenario>,
}

/// Agreement on later deductions (签约信息), signed together with an APP payment.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates the agreement `out_contract_code`.")]
#[non_exhaustive]
pub struct ContractInfo {
    /// Merchant of the agreement.
    pub mchid: Mchid,
    /// App of that merchant.
    pub appid: Appid,
    /// Merchant's number of the agreement.
    #[request(into)]
    pub out_contract_code: String,
    /// Id of the deduction plan.
    pub plan_id: u64,
    /// Payer's account name at the merchant, shown in the agreement.
    #[request(into)]
    pub contract_display_account: Redacted,
    /// URL for the notification of the agreement.
    #[request(into)]
    pub notify_url: String,
}

/// Response to combined APP orders.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ContractPrepayResponse {
    /// Session id, valid for two hours.
    pub prepay_id: PrepayId,
    /// Result of the agreement, if the order contained one.
    pub contract_result: Option<ContractResult>,
}

/// Result of an agreement signed together with a payment.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ContractResult {
    /// `SUCCESS`, or the error code.
    pub code: Option<String>,
    /// Error message.
    pub message: Option<String>,
}

//! Orders whose payer also signs a contract for deductions (下单并签约).

use wechatpay_macros::{Endpoint, RequestPart};

use super::{DirectPayer, OrderAmount, OrderDetail, OrderScene, PartnerPayer, PrepayIdResponse, SettleInfo};
use crate::types::{Appid, DateTime, Mchid, OutTradeNo, Redacted};

/// Contract that the payer signs with the payment (签约授权信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates the contract `contract_code` of a plan.")]
#[non_exhaustive]
pub struct ContractInfo {
    /// Id of the contract's plan (模板ID).
    #[request(into)]
    pub plan_id: String,
    /// Merchant of the contract.
    pub contract_mchid: Mchid,
    /// App of the contract.
    pub contract_appid: Appid,
    /// Merchant's number of the contract.
    #[request(into)]
    pub contract_code: String,
    /// Merchant's serial number of the request.
    #[request(into)]
    pub request_serial: String,
    /// Payer's account name at the merchant, shown in the contract.
    #[request(into)]
    pub contract_display_account: Redacted,
    /// Notification URL of the contract.
    pub contract_notify_url: Option<String>,
}

/// Contract or authorisation of a JSAPI order (签约授权信息).
///
/// One of three: a contract that the payer signs with the payment (from [`ContractInfo`]), an authorisation by a token,
/// or a contract for payment without a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[request(no_new)]
#[non_exhaustive]
pub struct JsapiContractInfo {
    /// Token of a prepared authorisation (扣费服务预授权token).
    #[request(no_setter)]
    pub token: Option<Redacted>,
    /// Id of a contract for payment without a password (免密协议ID).
    #[request(no_setter)]
    pub password_free_contract_id: Option<String>,
    /// Id of the contract's plan (模板ID).
    #[request(no_setter)]
    pub plan_id: Option<String>,
    /// Merchant of the contract.
    #[request(no_setter)]
    pub contract_mchid: Option<Mchid>,
    /// App of the contract.
    #[request(no_setter)]
    pub contract_appid: Option<Appid>,
    /// Merchant's number of the contract.
    #[request(no_setter)]
    pub contract_code: Option<String>,
    /// Merchant's serial number of the request.
    #[request(no_setter)]
    pub request_serial: Option<String>,
    /// Payer's account name at the merchant, shown in the contract.
    #[request(no_setter)]
    pub contract_display_account: Option<Redacted>,
    /// Notification URL of the contract.
    #[request(no_setter)]
    pub contract_notify_url: Option<String>,
}

impl JsapiContractInfo {
    /// Creates an authorisation by the token of a prepared one.
    #[must_use]
    pub fn token(token: impl Into<Redacted>) -> Self {
        Self {
            token: Some(token.into()),
            ..Self::default()
        }
    }

    /// Creates a payment under a contract for payment without a password.
    #[must_use]
    pub fn password_free(contract_id: impl Into<String>) -> Self {
        Self {
            password_free_contract_id: Some(contract_id.into()),
            ..Self::default()
        }
    }
}

impl From<ContractInfo> for JsapiContractInfo {
    fn from(contract: ContractInfo) -> Self {
        Self {
            plan_id: Some(contract.plan_id),
            contract_mchid: Some(contract.contract_mchid),
            contract_appid: Some(contract.contract_appid),
            contract_code: Some(contract.contract_code),
            request_serial: Some(contract.request_serial),
            contract_display_account: Some(contract.contract_display_account),
            contract_notify_url: contract.contract_notify_url,
            ..Self::default()
        }
    }
}

/// Places a JSAPI order with a contract or authorisation (JSAPI下单并授权/签约).
///
/// `POST /v3/pay/transactions/jsapi-with-contract`, as a direct merchant.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/jsapi-with-contract", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct JsapiPrepayWithContract {
    /// The merchant's app.
    pub appid: Appid,
    /// The merchant.
    pub mchid: Mchid,
    /// Product description shown in the payer's bill, up to 127 characters.
    #[request(into)]
    pub description: String,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Payment deadline; seven days if omitted.
    pub time_expire: Option<DateTime>,
    /// Custom text repeated in query, notification and bill; up to 128 characters.
    pub attach: Option<String>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Coupon tag, up to 32 characters.
    pub goods_tag: Option<String>,
    /// True to offer an e-invoice in the payer's message.
    pub support_fapiao: Option<bool>,
    /// Settlement options.
    pub settle_info: Option<SettleInfo>,
    /// Amount of the order.
    #[request(into)]
    pub amount: OrderAmount,
    /// The goods.
    pub detail: Option<OrderDetail>,
    /// Payer.
    pub payer: DirectPayer,
    /// Scene of the order.
    pub scene_info: Option<OrderScene>,
    /// Contract.
    #[request(into)]
    pub contract_info: JsapiContractInfo,
}

/// Places a JSAPI order with a contract or authorisation (JSAPI下单并授权/签约).
///
/// `POST /v3/pay/partner/transactions/jsapi-with-contract`, as a service provider.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/jsapi-with-contract", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct PartnerJsapiPrepayWithContract {
    /// Service provider's app.
    pub sp_appid: Appid,
    /// Service provider, who signs the request.
    pub sp_mchid: Mchid,
    /// Sub-merchant, who is paid.
    pub sub_mchid: Mchid,
    /// Sub-merchant's app; required with `sub_openid`.
    pub sub_appid: Option<Appid>,
    /// Product description shown in the payer's bill, up to 127 characters.
    #[request(into)]
    pub description: String,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Payment deadline; seven days if omitted.
    pub time_expire: Option<DateTime>,
    /// Custom text repeated in query, notification and bill; up to 128 characters.
    pub attach: Option<String>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Coupon tag, up to 32 characters.
    pub goods_tag: Option<String>,
    /// True to offer an e-invoice in the payer's message.
    pub support_fapiao: Option<bool>,
    /// Settlement options.
    pub settle_info: Option<SettleInfo>,
    /// Amount of the order.
    #[request(into)]
    pub amount: OrderAmount,
    /// The goods.
    pub detail: Option<OrderDetail>,
    /// Payer.
    pub payer: PartnerPayer,
    /// Scene of the order.
    pub scene_info: Option<OrderScene>,
    /// Contract.
    #[request(into)]
    pub contract_info: JsapiContractInfo,
}

/// Places an APP order whose payer also signs a contract (APP下单并签约).
///
/// `POST /v3/pay/transactions/app-with-contract`, as a direct merchant.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/app-with-contract", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct AppPrepayWithContract {
    /// The merchant's app.
    pub appid: Appid,
    /// The merchant.
    pub mchid: Mchid,
    /// Product description shown in the payer's bill, up to 127 characters.
    #[request(into)]
    pub description: String,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Payment deadline; seven days if omitted.
    pub time_expire: Option<DateTime>,
    /// Custom text repeated in query, notification and bill; up to 128 characters.
    pub attach: Option<String>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Coupon tag, up to 32 characters.
    pub goods_tag: Option<String>,
    /// True to offer an e-invoice in the payer's message.
    pub support_fapiao: Option<bool>,
    /// Settlement options.
    pub settle_info: Option<SettleInfo>,
    /// Amount of the order.
    #[request(into)]
    pub amount: OrderAmount,
    /// The goods.
    pub detail: Option<OrderDetail>,
    /// Scene of the order.
    pub scene_info: Option<OrderScene>,
    /// Contract.
    pub contract_info: ContractInfo,
}

/// Places an APP order whose payer also signs a contract (APP下单并签约).
///
/// `POST /v3/pay/partner/transactions/app-with-contract`, as a service provider.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/app-with-contract", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct PartnerAppPrepayWithContract {
    /// Service provider's app.
    pub sp_appid: Appid,
    /// Service provider, who signs the request.
    pub sp_mchid: Mchid,
    /// Sub-merchant, who is paid.
    pub sub_mchid: Mchid,
    /// Sub-merchant's app.
    pub sub_appid: Option<Appid>,
    /// Product description shown in the payer's bill, up to 127 characters.
    #[request(into)]
    pub description: String,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Payment deadline; seven days if omitted.
    pub time_expire: Option<DateTime>,
    /// Custom text repeated in query, notification and bill; up to 128 characters.
    pub attach: Option<String>,
    /// Notification URL: absolute, public, without a query string; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Coupon tag, up to 32 characters.
    pub goods_tag: Option<String>,
    /// True to offer an e-invoice in the payer's message.
    pub support_fapiao: Option<bool>,
    /// Settlement options.
    pub settle_info: Option<SettleInfo>,
    /// Amount of the order.
    #[request(into)]
    pub amount: OrderAmount,
    /// The goods.
    pub detail: Option<OrderDetail>,
    /// Scene of the order.
    pub scene_info: Option<OrderScene>,
    /// Contract.
    pub contract_info: ContractInfo,
}

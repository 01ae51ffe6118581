//! JSAPI orders of a direct merchant and of a service provider.

use wechatpay_macros::Endpoint;

use super::{
    DirectPayer, LimitPay, OrderAmount, OrderDetail, OrderScene, PartnerPayer, PrepayIdResponse, SettleInfo,
    SubsidyInfo,
};
use crate::types::{Appid, DateTime, Mchid, OutTradeNo};

/// Places an order in an official account or mini program (JSAPI下单) as a direct merchant.
///
/// `POST /v3/pay/transactions/jsapi`. [`combine::JsapiPrepay`](crate::api::combine::JsapiPrepay) places a combined
/// order.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/jsapi", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct JsapiPrepay {
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
    /// Required or excluded payment methods.
    pub limit_pay: Option<Vec<LimitPay>>,
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
    /// Instalment subsidies.
    pub subsidy_info: Option<SubsidyInfo>,
}

/// Places an order in an official account or mini program (JSAPI下单) as a service provider.
///
/// `POST /v3/pay/partner/transactions/jsapi`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/jsapi", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct PartnerJsapiPrepay {
    /// Service provider's app.
    pub sp_appid: Appid,
    /// Service provider, who signs the request.
    pub sp_mchid: Mchid,
    /// Sub-merchant, who is paid.
    pub sub_mchid: Mchid,
    /// Sub-merchant's app; required with `sub_openid`.
    ///
    /// Omit it if it equals `sp_appid`.
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
    /// Required or excluded payment methods.
    pub limit_pay: Option<Vec<LimitPay>>,
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
    /// Instalment subsidies.
    pub subsidy_info: Option<SubsidyInfo>,
}

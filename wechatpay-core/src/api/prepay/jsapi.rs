//! JSAPI orders, of a direct merchant and of a service provider.

use wechatpay_macros::Endpoint;

use super::{
    DirectPayer, LimitPay, OrderAmount, OrderDetail, OrderScene, PartnerPayer, PrepayIdResponse, SettleInfo,
    SubsidyInfo,
};
use crate::types::{Appid, DateTime, Mchid, OutTradeNo};

/// Orders for a page or mini program inside WeChat (JSAPI下单), by a direct merchant: `POST /v3/pay/transactions/jsapi`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/jsapi", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "An order with what every order must have.")]
#[non_exhaustive]
pub struct JsapiPrepay {
    /// The merchant's app.
    pub appid: Appid,
    /// The merchant.
    pub mchid: Mchid,
    /// The goods, as the payer's bill shows them: up to 127 characters.
    #[request(into)]
    pub description: String,
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Last instant at which it can be paid; seven days when left out.
    pub time_expire: Option<DateTime>,
    /// Given back in query, notification and bill: up to 128 characters.
    pub attach: Option<String>,
    /// Address for the notification: absolute, public, without a query; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Marker for coupons, up to 32 characters.
    pub goods_tag: Option<String>,
    /// Ways of paying that are forbidden or demanded.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// True if the payer's message offers an e-invoice.
    pub support_fapiao: Option<bool>,
    /// Settlement of the money.
    pub settle_info: Option<SettleInfo>,
    /// The price.
    #[request(into)]
    pub amount: OrderAmount,
    /// The goods.
    pub detail: Option<OrderDetail>,
    /// The payer.
    pub payer: DirectPayer,
    /// The place where the order is made.
    pub scene_info: Option<OrderScene>,
    /// Subsidies for instalments.
    pub subsidy_info: Option<SubsidyInfo>,
}

/// Orders for a page or mini program inside WeChat (JSAPI下单), by a service provider for a sub-merchant: `POST /v3/pay/partner/transactions/jsapi`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/jsapi", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "An order with what every order must have.")]
#[non_exhaustive]
pub struct PartnerJsapiPrepay {
    /// The provider's app.
    pub sp_appid: Appid,
    /// The provider, who signs.
    pub sp_mchid: Mchid,
    /// The sub-merchant, who is paid.
    pub sub_mchid: Mchid,
    /// The sub-merchant's app; needed with `sub_openid`. Leave it out when it equals `sp_appid`.
    pub sub_appid: Option<Appid>,
    /// The goods, as the payer's bill shows them: up to 127 characters.
    #[request(into)]
    pub description: String,
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Last instant at which it can be paid; seven days when left out.
    pub time_expire: Option<DateTime>,
    /// Given back in query, notification and bill: up to 128 characters.
    pub attach: Option<String>,
    /// Address for the notification: absolute, public, without a query; up to 255 characters.
    #[request(into)]
    pub notify_url: String,
    /// Marker for coupons, up to 32 characters.
    pub goods_tag: Option<String>,
    /// Ways of paying that are forbidden or demanded.
    pub limit_pay: Option<Vec<LimitPay>>,
    /// True if the payer's message offers an e-invoice.
    pub support_fapiao: Option<bool>,
    /// Settlement of the money.
    pub settle_info: Option<SettleInfo>,
    /// The price.
    #[request(into)]
    pub amount: OrderAmount,
    /// The goods.
    pub detail: Option<OrderDetail>,
    /// The payer.
    pub payer: PartnerPayer,
    /// The place where the order is made.
    pub scene_info: Option<OrderScene>,
    /// Subsidies for instalments.
    pub subsidy_info: Option<SubsidyInfo>,
}

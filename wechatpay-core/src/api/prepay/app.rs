//! APP orders of a direct merchant and of a service provider.

use wechatpay_macros::Endpoint;

use super::{
    IdentityOnlyPayer, LimitPay, OrderAmount, OrderDetail, OrderScene, PrepayIdResponse, SettleInfo,
    SubsidyInfo,
};
use crate::types::{Appid, DateTime, Mchid, OutTradeNo};

/// Places an order in an app (APP下单) as a direct merchant.
///
/// `POST /v3/pay/transactions/app`. [`combine::AppPrepay`](crate::api::combine::AppPrepay) places a combined order.
///
/// # Examples
///
/// ```
/// use wechatpay_core::api::prepay::{AppPrepay, PrepayIdResponse};
/// use wechatpay_core::{sign::{AppParameters, RequestSigner, SignError}, types::{Appid, Fen}};
///
/// let order = AppPrepay::new(
///     "wxd678efh567hg6787".parse()?, "1900000001".parse()?,
///     "Green tea, 100 g", "ORDER-0001".parse()?, "https://shop.example/wechatpay/notify", Fen::new(990)?,
/// );
///
/// /// The client returns a `PrepayIdResponse`; these parameters go to the SDK in the app.
/// async fn sheet(signer: &RequestSigner, app: &Appid, prepay: PrepayIdResponse) -> Result<AppParameters, SignError> {
///     signer.app(app, &prepay.prepay_id).await
/// }
/// # assert_eq!(serde_json::to_value(&order)?["amount"]["total"], 990);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/app", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct AppPrepay {
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
    /// Real-name restriction.
    pub payer: Option<IdentityOnlyPayer>,
    /// Scene of the order.
    pub scene_info: Option<OrderScene>,
    /// Instalment subsidies.
    pub subsidy_info: Option<SubsidyInfo>,
}

/// Places an order in an app (APP下单) as a service provider.
///
/// `POST /v3/pay/partner/transactions/app`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/app", response = PrepayIdResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct PartnerAppPrepay {
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
    /// Real-name restriction.
    pub payer: Option<IdentityOnlyPayer>,
    /// Scene of the order.
    pub scene_info: Option<OrderScene>,
    /// Instalment subsidies.
    pub subsidy_info: Option<SubsidyInfo>,
}

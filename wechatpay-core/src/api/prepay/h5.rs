//! H5 orders of a direct merchant and of a service provider.

use wechatpay_macros::Endpoint;

use super::{H5Scene, H5UrlResponse, IdentityOnlyPayer, LimitPay, OrderAmount, OrderDetail, SettleInfo};
use crate::types::{Appid, DateTime, Mchid, OutTradeNo};

/// Places an order in a mobile browser outside WeChat (H5下单) as a direct merchant.
///
/// `POST /v3/pay/transactions/h5`. [`combine::H5Prepay`](crate::api::combine::H5Prepay) places a combined order.
///
/// # Examples
///
/// ```
/// use wechatpay_core::api::prepay::{H5Info, H5Prepay, H5Scene, H5Type, H5UrlResponse};
/// use wechatpay_core::{sign::h5_url_with_redirect, types::Fen};
///
/// let order = H5Prepay::new(
///     "wxd678efh567hg6787".parse()?, "1900000001".parse()?,
///     "Green tea, 100 g", "ORDER-0001".parse()?, "https://shop.example/wechatpay/notify", Fen::new(990)?,
///     H5Scene::new("203.0.113.7", H5Info::new(H5Type::Wap)),
/// );
/// // The client returns an `H5UrlResponse`: redirect the browser to it, within five minutes.
/// let response: H5UrlResponse = serde_json::from_str(r#"{"h5_url":"https://wx.tenpay.com/checkmweb?prepay_id=wx20"}"#)?;
/// let url = h5_url_with_redirect(&response.h5_url, "https://shop.example/orders/ORDER-0001")?;
/// # assert!(url.contains("redirect_url="));
/// # assert_eq!(serde_json::to_value(&order)?["amount"]["total"], 990);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/h5", response = H5UrlResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct H5Prepay {
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
    /// Scene of the order.
    pub scene_info: H5Scene,
    /// Real-name restriction.
    pub payer: Option<IdentityOnlyPayer>,
}

/// Places an order in a mobile browser outside WeChat (H5下单) as a service provider.
///
/// `POST /v3/pay/partner/transactions/h5`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/h5", response = H5UrlResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct PartnerH5Prepay {
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
    /// Scene of the order.
    pub scene_info: H5Scene,
    /// Real-name restriction.
    pub payer: Option<IdentityOnlyPayer>,
}

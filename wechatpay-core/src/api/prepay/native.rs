//! Native orders of a direct merchant and of a service provider.

use wechatpay_macros::Endpoint;

use super::{CodeUrlResponse, IdentityOnlyPayer, LimitPay, OrderAmount, OrderDetail, OrderScene, SettleInfo};
use crate::types::{Appid, DateTime, Mchid, OutTradeNo};

/// Places an order paid by scanning a QR code (Native下单) as a direct merchant.
///
/// `POST /v3/pay/transactions/native`. [`combine::NativePrepay`](crate::api::combine::NativePrepay) places a combined
/// order.
///
/// # Examples
///
/// ```
/// use wechatpay_core::api::prepay::{CodeUrlResponse, NativePrepay};
/// use wechatpay_core::types::Fen;
///
/// let order = NativePrepay::new(
///     "wxd678efh567hg6787".parse()?, "1900000001".parse()?,
///     "Green tea, 100 g", "ORDER-0001".parse()?, "https://shop.example/wechatpay/notify", Fen::new(990)?,
/// );
/// // The client returns a `CodeUrlResponse`: show its text as a QR code.
/// let response: CodeUrlResponse = serde_json::from_str(r#"{"code_url":"weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}"#)?;
/// # assert_eq!(serde_json::to_value(&order)?["amount"]["total"], 990);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/transactions/native", response = CodeUrlResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct NativePrepay {
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
}

/// Places an order paid by scanning a QR code (Native下单) as a service provider.
///
/// `POST /v3/pay/partner/transactions/native`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(POST, "/v3/pay/partner/transactions/native", response = CodeUrlResponse, idempotency = ByNumber)]
#[request(new = "Creates an order from its required fields.")]
#[non_exhaustive]
pub struct PartnerNativePrepay {
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
}

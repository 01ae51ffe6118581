//! Payment by the code that a payer shows (付款码支付) (feature `code-pay`).
//!
//! The response may say that the payer is still paying ([`TradeState::UserPaying`]), and a lost response says nothing.
//! Then query the order by its number, and [`Reverse`] it if it is not paid in time. A reversed order is closed, or its
//! money goes back. Never ask the payer for another code before the first order is reversed.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, code_pay::{Amount, Pay, Payer, Reverse, SceneInfo, StoreInfo}};
//! use wechatpay_core::types::{Appid, Fen, Mchid};
//!
//! let (appid, mchid): (Appid, Mchid) = ("wxd678efh567hg6787".parse()?, "1900000001".parse()?);
//! let pay = Pay::new(
//!     appid.clone(), mchid.clone(), "拿铁", "ORDER-0001".parse()?, Payer::new("130061098828009406"),
//!     Amount::new(Fen::new(1_800)?), SceneInfo::new(StoreInfo::new().out_id("SHOP-1")),
//! );
//! assert_eq!(pay.idempotency(), Idempotency::No, "a lost response is queried, not repeated");
//!
//! // The client returns a `Transaction`. If it is not paid in time:
//! let reverse = Reverse::new("ORDER-0001".parse()?, appid, mchid);
//! assert_eq!(reverse.idempotency(), Idempotency::ByNumber);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 付款码支付, 撤销, for a merchant and for a partner.
//!
//! [`TradeState::UserPaying`]: super::transactions::TradeState::UserPaying

use wechatpay_macros::{Endpoint, RequestPart, Response};

use super::transactions::Transaction;
use crate::types::{Appid, Currency, Fen, Mchid, OutTradeNo, Redacted};

/// Payer who shows a code (支付者).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Payer {
    /// Code of the payer: 18 digits, valid for a minute.
    #[request(into)]
    pub auth_code: Redacted,
}

/// Amount of the order (订单金额).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Amount {
    /// Total in fen.
    pub total: Fen,
    /// Currency, `CNY`.
    pub currency: Option<Currency>,
}

/// Store of the merchant (商户门店信息); one of its two ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct StoreInfo {
    /// WeChat Pay's number of the store.
    pub id: Option<String>,
    /// Merchant's number of the store.
    pub out_id: Option<String>,
}

/// Place of the payment (场景信息).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct SceneInfo {
    /// Store.
    pub store_info: StoreInfo,
    /// Number of the device.
    pub device_id: Option<String>,
    /// IP address of the device.
    pub device_ip: Option<String>,
}

/// Goods, for promotions (优惠功能).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct Detail {
    /// Goods.
    pub goods_detail: Vec<Goods>,
    /// Original price of the receipt in fen.
    pub cost_price: Option<Fen>,
    /// Receipt number.
    pub invoice_id: Option<String>,
}

/// One kind of goods (单品).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for `quantity` of the goods `merchant_goods_id` at `unit_price` each.")]
#[non_exhaustive]
pub struct Goods {
    /// Merchant's goods number.
    #[request(into)]
    pub merchant_goods_id: String,
    /// WeChat Pay's goods number.
    #[serde(rename = "wxpay_goods_id")]
    pub wechatpay_goods_id: Option<String>,
    /// Name.
    pub goods_name: Option<String>,
    /// Quantity.
    pub quantity: i64,
    /// Unit price in fen.
    pub unit_price: Fen,
}

/// Settlement of the order (结算信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct SettleInfo {
    /// True if the money is shared later.
    pub profit_sharing: Option<bool>,
}

/// Charges the payer's code (付款码支付).
///
/// `POST /v3/pay/transactions/codepay`.
///
/// Not retried: if the outcome is unknown, query the order by its number.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/pay/transactions/codepay",
    response = Transaction, echo(out_trade_no), echo_if_present(appid, mchid)
)]
#[request(new = "Creates an order that is paid by the payer's code.")]
#[non_exhaustive]
pub struct Pay {
    /// App of the merchant.
    pub appid: Appid,
    /// The merchant.
    pub mchid: Mchid,
    /// Goods, as the payer sees them.
    #[request(into)]
    pub description: String,
    /// Merchant's number of the order.
    pub out_trade_no: OutTradeNo,
    /// Payer.
    pub payer: Payer,
    /// Amount.
    pub amount: Amount,
    /// Place of the payment.
    pub scene_info: SceneInfo,
    /// Text that comes back with the order.
    pub attach: Option<String>,
    /// Tag for coupons.
    pub goods_tag: Option<String>,
    /// True if the payer may ask for an invoice.
    pub support_fapiao: Option<bool>,
    /// Goods.
    pub detail: Option<Detail>,
    /// Settlement.
    pub settle_info: Option<SettleInfo>,
}

/// Charges the payer's code for a sub-merchant (付款码支付).
///
/// `POST /v3/pay/partner/transactions/codepay`.
///
/// Not retried: if the outcome is unknown, query the order by its number.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/pay/partner/transactions/codepay",
    response = Transaction, echo(out_trade_no), echo_if_present(sp_mchid, sub_mchid)
)]
#[request(new = "Creates an order that is paid by the payer's code.")]
#[non_exhaustive]
pub struct PartnerPay {
    /// The partner.
    pub sp_mchid: Mchid,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// Goods, as the payer sees them.
    #[request(into)]
    pub description: String,
    /// Partner's number of the order.
    pub out_trade_no: OutTradeNo,
    /// Payer.
    pub payer: Payer,
    /// Amount.
    pub amount: Amount,
    /// Place of the payment.
    pub scene_info: SceneInfo,
    /// App of the partner.
    pub sp_appid: Option<Appid>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
    /// Text that comes back with the order.
    pub attach: Option<String>,
    /// Tag for coupons.
    pub goods_tag: Option<String>,
    /// True if the payer may ask for an invoice.
    pub support_fapiao: Option<bool>,
    /// Goods.
    pub detail: Option<Detail>,
    /// Settlement.
    pub settle_info: Option<SettleInfo>,
}

/// Reverses an order: closes it, or returns its money (撤销).
///
/// `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/reverse`. Within seven days of the payment.
///
/// Safe to retry unchanged: a reversed order stays reversed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/pay/transactions/out-trade-no/{out_trade_no}/reverse",
    response = Reversed, idempotency = ByNumber, echo(out_trade_no)
)]
#[request(new = "Creates the request for the order `out_trade_no`.")]
#[non_exhaustive]
pub struct Reverse {
    /// Merchant's number of the order.
    pub out_trade_no: OutTradeNo,
    /// App of the merchant.
    pub appid: Appid,
    /// The merchant.
    pub mchid: Mchid,
}

/// Reverses an order of a sub-merchant (撤销).
///
/// `POST /v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse`.
///
/// Safe to retry unchanged: a reversed order stays reversed.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/reverse",
    response = Reversed, idempotency = ByNumber, echo(out_trade_no)
)]
#[request(new = "Creates the request for the order `out_trade_no`.")]
#[non_exhaustive]
pub struct PartnerReverse {
    /// Partner's number of the order.
    pub out_trade_no: OutTradeNo,
    /// The partner.
    pub sp_mchid: Mchid,
    /// The sub-merchant.
    pub sub_mchid: Mchid,
    /// App of the partner.
    pub sp_appid: Option<Appid>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
}

/// A reversed order.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Reversed {
    /// Caller's number of the order.
    pub out_trade_no: OutTradeNo,
    /// App of the merchant.
    pub appid: Option<Appid>,
    /// The merchant.
    pub mchid: Option<Mchid>,
    /// App of the partner.
    pub sp_appid: Option<Appid>,
    /// The partner.
    pub sp_mchid: Option<Mchid>,
    /// App of the sub-merchant.
    pub sub_appid: Option<Appid>,
    /// The sub-merchant.
    pub sub_mchid: Option<Mchid>,
}

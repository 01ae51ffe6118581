//! The transaction: response to a query and resource of a payment notification.

use wechatpay_macros::{Response, open_enum};

use crate::types::{Appid, Currency, DateTime, Fen, Mchid, Openid, OutTradeNo, TransactionId};

/// State of an order (交易状态).
#[open_enum]
pub enum TradeState {
    /// Paid.
    Success = "SUCCESS",
    /// Refund started; the refund records have the details.
    Refund = "REFUND",
    /// Not paid; failed attempts keep this state.
    NotPay = "NOTPAY",
    /// Closed.
    Closed = "CLOSED",
    /// Reversed (code payments only).
    Revoked = "REVOKED",
    /// Payer is entering the password (code payments only).
    UserPaying = "USERPAYING",
    /// Failed (code payments only).
    PayError = "PAYERROR",
    /// Accepted, waiting for the deduction.
    Accept = "ACCEPT",
}

/// Payment scene (交易类型).
#[open_enum]
pub enum TradeType {
    /// Official account or mini program in WeChat.
    Jsapi = "JSAPI",
    /// QR code scanned by the payer.
    Native = "NATIVE",
    /// App.
    App = "APP",
    /// Payment code shown by the payer.
    Micropay = "MICROPAY",
    /// Mobile browser; H5 orders have this value.
    Mweb = "MWEB",
    /// Face payment.
    Facepay = "FACEPAY",
    /// Mini program.
    MiniProgram = "MINIPROGRAM",
    /// Authorisation by the payer.
    Auth = "AUTH",
    /// Agreed deduction (委托代扣).
    Pap = "PAP",
}

/// Kind of exchange rate.
#[open_enum]
pub enum ExchangeRateType {
    /// Between order currency and payer currency.
    UserPayment = "USERPAYMENT_RATE",
    /// Between order currency and settlement currency.
    Settlement = "SETTLEMENT_RATE",
}

/// Scope of a promotion.
#[open_enum]
pub enum PromotionScope {
    /// Whole order.
    Global = "GLOBAL",
    /// Single goods.
    Single = "SINGLE",
}

/// Kind of a promotion.
#[open_enum]
pub enum PromotionType {
    /// Prefunded: part of the settlement.
    Cash = "CASH",
    /// Not prefunded: the merchant receives less.
    NoCash = "NOCASH",
}

/// An order: response to a query and resource of a payment notification.
///
/// One type for both modes: `sp_mchid` and `sub_mchid` in partner mode, `mchid` in direct mode. Optional fields are
/// absent while the order is unpaid, or when the platform omits them.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Transaction {
    /// The service provider's app (partner mode).
    pub sp_appid: Option<Appid>,
    /// The service provider (partner mode).
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant's app (partner mode).
    pub sub_appid: Option<Appid>,
    /// The sub-merchant (partner mode).
    pub sub_mchid: Option<Mchid>,
    /// The merchant's app (direct mode).
    pub appid: Option<Appid>,
    /// The merchant (direct mode).
    pub mchid: Option<Mchid>,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// WeChat Pay's transaction id; absent while unpaid.
    pub transaction_id: Option<TransactionId>,
    /// Payment scene; absent while unpaid.
    pub trade_type: Option<TradeType>,
    /// State of the order.
    pub trade_state: TradeState,
    /// State as text.
    pub trade_state_desc: Option<String>,
    /// Paying bank or wallet: `OTHERS`, `CMC`, … an open set.
    pub bank_type: Option<String>,
    /// The `attach` of the order request.
    pub attach: Option<String>,
    /// Time of payment.
    pub success_time: Option<DateTime>,
    /// Payer.
    pub payer: Option<Payer>,
    /// Amounts; absent while unpaid.
    pub amount: Option<Amount>,
    /// Scene of the payment.
    pub scene_info: Option<SceneInfo>,
    /// Promotions used.
    pub promotion_detail: Vec<Promotion>,
    /// Instalments (微信分付).
    pub installment_info: Option<InstallmentInfo>,
}

/// Payer; every openid may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Payer {
    /// Openid under the service provider's app.
    pub sp_openid: Option<Openid>,
    /// Openid under the sub-merchant's app.
    pub sub_openid: Option<Openid>,
    /// Openid under the direct merchant's app.
    pub openid: Option<Openid>,
}

/// Amounts of a payment, in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Amount {
    /// Total of the order, to be compared with your order.
    pub total: Option<Fen>,
    /// Amount paid by the payer after coupons.
    pub payer_total: Option<Fen>,
    /// Currency of the order.
    pub currency: Option<Currency>,
    /// Currency of the payer.
    pub payer_currency: Option<Currency>,
    /// Exchange rate, if the payer paid in another currency.
    pub exchange_rate: Option<ExchangeRate>,
}

/// An exchange rate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ExchangeRate {
    /// Kind of rate.
    #[serde(rename = "type")]
    pub kind: Option<ExchangeRateType>,
    /// Rate, multiplied by 10⁸.
    pub rate: Option<i64>,
}

/// Scene of the payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SceneInfo {
    /// Device or shop number.
    pub device_id: Option<String>,
}

/// A promotion used for a payment; every member may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Promotion {
    /// Coupon number.
    pub coupon_id: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Scope.
    pub scope: Option<PromotionScope>,
    /// Kind.
    #[serde(rename = "type")]
    pub kind: Option<PromotionType>,
    /// Value in fen.
    pub amount: Option<Fen>,
    /// Campaign number.
    pub stock_id: Option<String>,
    /// Part paid by WeChat Pay, in fen.
    pub wechatpay_contribute: Option<Fen>,
    /// Part paid by the merchant, in fen.
    pub merchant_contribute: Option<Fen>,
    /// Part paid by others, in fen.
    pub other_contribute: Option<Fen>,
    /// Currency of the promotion.
    pub currency: Option<Currency>,
    /// Goods covered by the promotion.
    pub goods_detail: Vec<PromotionGoods>,
}

/// Goods covered by a promotion; every member may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PromotionGoods {
    /// Merchant's goods number.
    pub goods_id: Option<String>,
    /// Quantity.
    pub quantity: Option<i64>,
    /// Unit price in fen.
    pub unit_price: Option<Fen>,
    /// Discount in fen.
    pub discount_amount: Option<Fen>,
    /// Remark.
    pub goods_remark: Option<String>,
}

/// Instalments (微信分付); every member may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct InstallmentInfo {
    /// True if a subsidy was used.
    pub use_subsidy: Option<bool>,
    /// Number of instalments chosen by the payer.
    pub selected_installment_number: Option<i64>,
}

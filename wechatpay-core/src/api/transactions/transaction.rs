//! An order at the platform: the response to a query, and the resource of a payment notification.

use wechatpay_macros::{Response, open_enum};

use crate::types::{Appid, Currency, DateTime, Fen, Mchid, Openid, OutTradeNo, TransactionId};

/// State of an order (交易状态).
#[open_enum]
pub enum TradeState {
    /// Paid.
    Success = "SUCCESS",
    /// A refund was started; read the refund records.
    Refund = "REFUND",
    /// Not paid. Failed attempts stay here.
    NotPay = "NOTPAY",
    /// Closed.
    Closed = "CLOSED",
    /// Reversed (code-pay only).
    Revoked = "REVOKED",
    /// The payer is entering the password (code-pay only).
    UserPaying = "USERPAYING",
    /// Failed (code-pay only).
    PayError = "PAYERROR",
    /// Accepted, awaiting deduction.
    Accept = "ACCEPT",
}

/// Way of payment (交易类型).
#[open_enum]
pub enum TradeType {
    /// In WeChat: official account or mini program.
    Jsapi = "JSAPI",
    /// By scanning a code.
    Native = "NATIVE",
    /// In an app.
    App = "APP",
    /// By showing a code.
    Micropay = "MICROPAY",
    /// In a mobile browser: H5 orders are reported so.
    Mweb = "MWEB",
    /// By face.
    Facepay = "FACEPAY",
    /// In a mini program.
    MiniProgram = "MINIPROGRAM",
    /// By the payer's authorisation.
    Auth = "AUTH",
    /// By a deduction that was agreed on.
    Pap = "PAP",
}

/// Kind of a rate of exchange.
#[open_enum]
pub enum ExchangeRateType {
    /// Between the order and the payer.
    UserPayment = "USERPAYMENT_RATE",
    /// Between the order and the merchant.
    Settlement = "SETTLEMENT_RATE",
}

/// Scope of a promotion.
#[open_enum]
pub enum PromotionScope {
    /// The whole order.
    Global = "GLOBAL",
    /// Single goods.
    Single = "SINGLE",
}

/// Kind of a promotion.
#[open_enum]
pub enum PromotionType {
    /// Funded beforehand: part of the settlement.
    Cash = "CASH",
    /// Not funded: the merchant gets less.
    NoCash = "NOCASH",
}

/// An order at the platform: the response of a query, and the resource of a payment notification.
///
/// One type for both modes: a partner's has `sp_mchid` and `sub_mchid`, a direct merchant's has `mchid`. What is marked
/// optional is absent while the order is unpaid, or at the platform's leisure.
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
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// The platform's number; absent while unpaid.
    pub transaction_id: Option<TransactionId>,
    /// Way of payment; absent while unpaid.
    pub trade_type: Option<TradeType>,
    /// State of the order.
    pub trade_state: TradeState,
    /// The state in words.
    pub trade_state_desc: Option<String>,
    /// Bank or purse that paid: `OTHERS`, `CMC`, … an open set.
    pub bank_type: Option<String>,
    /// The `attach` of the order request.
    pub attach: Option<String>,
    /// When it was paid.
    pub success_time: Option<DateTime>,
    /// Who paid.
    pub payer: Option<Payer>,
    /// Amounts; absent while unpaid.
    pub amount: Option<Amount>,
    /// The place of the payment.
    pub scene_info: Option<SceneInfo>,
    /// Promotions that were used.
    pub promotion_detail: Vec<Promotion>,
    /// Instalments (微信分付).
    pub installment_info: Option<InstallmentInfo>,
}

/// Who paid. All ids may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Payer {
    /// Below the service provider's app.
    pub sp_openid: Option<Openid>,
    /// Below the sub-merchant's app.
    pub sub_openid: Option<Openid>,
    /// Below the direct merchant's app.
    pub openid: Option<Openid>,
}

/// Amounts of a payment, in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Amount {
    /// Total of the order. Compare this one with the order.
    pub total: Option<Fen>,
    /// Amount the payer gave, after coupons.
    pub payer_total: Option<Fen>,
    /// Currency of the order.
    pub currency: Option<Currency>,
    /// Currency of the payer.
    pub payer_currency: Option<Currency>,
    /// Rate of exchange, if the payer paid in another currency.
    pub exchange_rate: Option<ExchangeRate>,
}

/// A rate of exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ExchangeRate {
    /// Kind of the rate.
    #[serde(rename = "type")]
    pub kind: Option<ExchangeRateType>,
    /// The rate, times 10⁸.
    pub rate: Option<i64>,
}

/// The place of the payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SceneInfo {
    /// Number of the device or shop.
    pub device_id: Option<String>,
}

/// A promotion that was used. The platform may leave out any member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Promotion {
    /// Number of the coupon.
    pub coupon_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Scope.
    pub scope: Option<PromotionScope>,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: Option<PromotionType>,
    /// Its value in fen.
    pub amount: Option<Fen>,
    /// The campaign.
    pub stock_id: Option<String>,
    /// Paid by WeChat Pay, in fen.
    pub wechatpay_contribute: Option<Fen>,
    /// Paid by the merchant, in fen.
    pub merchant_contribute: Option<Fen>,
    /// Paid by others, in fen.
    pub other_contribute: Option<Fen>,
    /// Currency of the promotion.
    pub currency: Option<Currency>,
    /// Goods it covers.
    pub goods_detail: Vec<PromotionGoods>,
}

/// Goods that a promotion covers. The platform may leave out any member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct PromotionGoods {
    /// The merchant's number of the goods.
    pub goods_id: Option<String>,
    /// Quantity.
    pub quantity: Option<i64>,
    /// Price of one, in fen.
    pub unit_price: Option<Fen>,
    /// Discount, in fen.
    pub discount_amount: Option<Fen>,
    /// A remark.
    pub goods_remark: Option<String>,
}

/// Instalments (微信分付). The platform may leave out any member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct InstallmentInfo {
    /// True if a subsidy was used.
    pub use_subsidy: Option<bool>,
    /// Number of instalments that was chosen.
    pub selected_installment_number: Option<i64>,
}

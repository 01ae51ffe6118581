//! Orders of a direct merchant (直连商户): query and close; and the transaction that query and notification share.
//!
//! Pages: 查询订单, 关闭订单, 支付通知.

use http::Method;
use serde::{Deserialize, Serialize};

use super::{EchoMismatch, Endpoint, Idempotency, Path, empty_is_none, null_is_default};
use crate::{
    macros::open_enum,
    types::{Appid, Currency, DateTime, Fen, Mchid, Openid, OutTradeNo, TransactionId},
};

open_enum! {
    /// State of an order (交易状态).
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
}

open_enum! {
    /// How it was paid (交易类型).
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
}

open_enum! {
    /// Kind of a rate of exchange.
    pub enum ExchangeRateType {
        /// Between the order and the payer.
        UserPayment = "USERPAYMENT_RATE",
        /// Between the order and the merchant.
        Settlement = "SETTLEMENT_RATE",
    }
}

open_enum! {
    /// What a promotion covers.
    pub enum PromotionScope {
        /// The whole order.
        Global = "GLOBAL",
        /// Single goods.
        Single = "SINGLE",
    }
}

open_enum! {
    /// Kind of a promotion.
    pub enum PromotionType {
        /// Funded beforehand: part of the settlement.
        Cash = "CASH",
        /// Not funded: the merchant gets less.
        NoCash = "NOCASH",
    }
}

/// An order at the platform: the answer of a query, and the resource of a payment notification.
///
/// One type for both modes: a partner's has `sp_mchid` and `sub_mchid`, a direct merchant's has `mchid`. What is marked
/// optional is absent while the order is unpaid, or at the platform's leisure.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transaction {
    /// The service provider's app (partner mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sp_appid: Option<Appid>,
    /// The service provider (partner mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant's app (partner mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sub_appid: Option<Appid>,
    /// The sub-merchant (partner mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sub_mchid: Option<Mchid>,
    /// The merchant's app (direct mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub appid: Option<Appid>,
    /// The merchant (direct mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub mchid: Option<Mchid>,
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// The platform's number; absent while unpaid.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub transaction_id: Option<TransactionId>,
    /// How it was paid; absent while unpaid.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub trade_type: Option<TradeType>,
    /// State of the order.
    #[serde(default, deserialize_with = "null_is_default")]
    pub trade_state: TradeState,
    /// The state in words.
    #[serde(default, deserialize_with = "null_is_default")]
    pub trade_state_desc: String,
    /// Bank or purse that paid: `OTHERS`, `CMC`, … an open set.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub bank_type: Option<String>,
    /// What the order request had as `attach`.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub attach: Option<String>,
    /// When it was paid.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub success_time: Option<DateTime>,
    /// Who paid.
    pub payer: Option<Payer>,
    /// What was paid; absent while unpaid.
    pub amount: Option<Amount>,
    /// Where it was paid.
    pub scene_info: Option<SceneInfo>,
    /// Promotions that were used.
    #[serde(default, deserialize_with = "null_is_default")]
    pub promotion_detail: Vec<Promotion>,
    /// Instalments (微信分付).
    pub installment_info: Option<InstallmentInfo>,
}

/// Who paid. All ids may be absent.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payer {
    /// Below the service provider's app.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sp_openid: Option<Openid>,
    /// Below the sub-merchant's app.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sub_openid: Option<Openid>,
    /// Below the direct merchant's app.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub openid: Option<Openid>,
}

/// What was paid, in fen.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Amount {
    /// What the order costs. Compare this one with the order.
    pub total: Option<Fen>,
    /// What the payer gave, after coupons.
    pub payer_total: Option<Fen>,
    /// Currency of the order.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub currency: Option<Currency>,
    /// Currency of the payer.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub payer_currency: Option<Currency>,
    /// Rate of exchange, if the payer paid in another currency.
    pub exchange_rate: Option<ExchangeRate>,
}

/// A rate of exchange.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeRate {
    /// Kind of the rate.
    #[serde(rename = "type", default, deserialize_with = "empty_is_none")]
    pub kind: Option<ExchangeRateType>,
    /// The rate, times 10⁸.
    pub rate: Option<i64>,
}

/// Where it was paid.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct SceneInfo {
    /// Number of the device or shop.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub device_id: Option<String>,
}

/// A promotion that was used. The platform may leave out any member.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct Promotion {
    /// Number of the coupon.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub coupon_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub name: Option<String>,
    /// What it covers.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub scope: Option<PromotionScope>,
    /// Its kind.
    #[serde(rename = "type", default, deserialize_with = "empty_is_none")]
    pub kind: Option<PromotionType>,
    /// Its value in fen.
    pub amount: Option<Fen>,
    /// The campaign.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub stock_id: Option<String>,
    /// Paid by WeChat Pay, in fen.
    pub wechatpay_contribute: Option<Fen>,
    /// Paid by the merchant, in fen.
    pub merchant_contribute: Option<Fen>,
    /// Paid by others, in fen.
    pub other_contribute: Option<Fen>,
    /// Currency of the promotion.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub currency: Option<Currency>,
    /// Goods it covers.
    #[serde(default, deserialize_with = "null_is_default")]
    pub goods_detail: Vec<PromotionGoods>,
}

/// Goods that a promotion covers. The platform may leave out any member.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct PromotionGoods {
    /// The merchant's number of the goods.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub goods_id: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
    /// Price of one, in fen.
    pub unit_price: Option<Fen>,
    /// Discount, in fen.
    pub discount_amount: Option<Fen>,
    /// A remark.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub goods_remark: Option<String>,
}

/// Instalments (微信分付). The platform may leave out any member.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstallmentInfo {
    /// Whether a subsidy was used.
    pub use_subsidy: Option<bool>,
    /// Number of instalments that was chosen.
    pub selected_installment_number: Option<i64>,
}

/// Queries an order by the merchant's number (商户订单号查询): `GET /v3/pay/transactions/out-trade-no/{out_trade_no}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryByOutTradeNo {
    mchid: Mchid,
    out_trade_no: OutTradeNo,
}

impl QueryByOutTradeNo {
    /// The order `out_trade_no` of `mchid`.
    #[must_use]
    pub fn new(mchid: Mchid, out_trade_no: OutTradeNo) -> Self {
        Self { mchid, out_trade_no }
    }
}

impl Endpoint for QueryByOutTradeNo {
    const METHOD: Method = Method::GET;
    const TEMPLATE: &'static str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
    type Body<'a> = ();
    type Response = Transaction;

    fn path(&self) -> Path {
        Path::new("/v3/pay/transactions/out-trade-no")
            .segment(&self.out_trade_no)
            .query("mchid", &self.mchid)
    }

    fn check_echo(&self, response: &Transaction) -> Result<(), EchoMismatch> {
        EchoMismatch::compare("out_trade_no", &self.out_trade_no, &response.out_trade_no)?;
        EchoMismatch::compare("mchid", &Some(&self.mchid), &response.mchid.as_ref())
    }
}

/// Queries an order by the platform's number (微信支付订单号查询): `GET /v3/pay/transactions/id/{transaction_id}`. An unpaid
/// order has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryById {
    mchid: Mchid,
    transaction_id: TransactionId,
}

impl QueryById {
    /// The payment `transaction_id` of `mchid`.
    #[must_use]
    pub fn new(mchid: Mchid, transaction_id: TransactionId) -> Self {
        Self {
            mchid,
            transaction_id,
        }
    }
}

impl Endpoint for QueryById {
    const METHOD: Method = Method::GET;
    const TEMPLATE: &'static str = "/v3/pay/transactions/id/{transaction_id}";
    type Body<'a> = ();
    type Response = Transaction;

    fn path(&self) -> Path {
        Path::new("/v3/pay/transactions/id")
            .segment(&self.transaction_id)
            .query("mchid", &self.mchid)
    }

    fn check_echo(&self, response: &Transaction) -> Result<(), EchoMismatch> {
        EchoMismatch::compare(
            "transaction_id",
            &Some(&self.transaction_id),
            &response.transaction_id.as_ref(),
        )?;
        EchoMismatch::compare("mchid", &Some(&self.mchid), &response.mchid.as_ref())
    }
}

/// Closes an unpaid order (关闭订单): `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`, answered 204.
///
/// Closing twice succeeds; a paid order cannot be closed. Older pages ask for at least five minutes since it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Close {
    mchid: Mchid,
    #[serde(skip)]
    out_trade_no: OutTradeNo,
}

impl Close {
    /// The order `out_trade_no` of `mchid`.
    #[must_use]
    pub fn new(mchid: Mchid, out_trade_no: OutTradeNo) -> Self {
        Self { mchid, out_trade_no }
    }
}

impl Endpoint for Close {
    const METHOD: Method = Method::POST;
    const TEMPLATE: &'static str = "/v3/pay/transactions/out-trade-no/{out_trade_no}/close";
    type Body<'a> = &'a Self;
    type Response = ();

    fn path(&self) -> Path {
        Path::new("/v3/pay/transactions/out-trade-no")
            .segment(&self.out_trade_no)
            .segment("close")
    }

    fn body(&self) -> Option<&Self> {
        Some(self)
    }

    /// By `out_trade_no`: what is closed stays closed.
    fn idempotency(&self) -> Idempotency {
        Idempotency::ByNumber
    }
}

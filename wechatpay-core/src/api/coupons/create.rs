//! New stocks of coupons.

use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

use super::{CouponUseRule, OutRequestNo};
use crate::types::{Appid, DateTime, Fen, Mchid};

/// Period of a stock (批次开始时间, 批次结束时间).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates the period between two times.")]
#[non_exhaustive]
pub struct StockPeriod {
    /// Its begin.
    pub available_begin_time: DateTime,
    /// Its end.
    pub available_end_time: DateTime,
}

/// Kind of coupons in a stock (批次类型).
#[open_enum]
pub enum StockType {
    /// Fixed amount.
    Normal = "NORMAL",
    /// Part of the price.
    Discount = "DISCOUNT",
    /// Goods at a fixed price; the pages spell it so.
    Exchange = "EXCHAHGE",
    /// Amount that differs from user to user.
    Random = "RANDOM",
    /// Price reduced to an amount.
    DiscountCut = "DISCOUNT_CUT",
}

/// Kind of a stock, and the origin of its money.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(
    new = "Creates the kind: with `no_cash`, the merchant forgoes money; else the budget is prefunded."
)]
#[non_exhaustive]
pub struct StockKind {
    /// True if no money flows (是否无资金流): the merchant receives less.
    pub no_cash: bool,
    /// Kind of coupons.
    pub stock_type: StockType,
}

/// Limits of a stock (发放规则).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates limits from the required fields.")]
#[non_exhaustive]
pub struct StockUseRule {
    /// Maximum number of coupons.
    pub max_coupons: u64,
    /// Budget in fen.
    pub max_amount: Fen,
    /// Maximum number of coupons of one user.
    pub max_coupons_per_user: u64,
    /// True if several accounts of one person count as one user.
    pub natural_person_limit: bool,
    /// True if WeChat Pay holds back suspicious users of the API.
    pub prevent_api_abuse: bool,
    /// Budget of one day in fen.
    pub max_amount_by_day: Option<Fen>,
}

/// Colour of a coupon (背景颜色).
#[open_enum]
pub enum BackgroundColor {
    /// Colour 010.
    Color010 = "Color010",
    /// Colour 020.
    Color020 = "Color020",
    /// Colour 030.
    Color030 = "Color030",
    /// Colour 040.
    Color040 = "Color040",
    /// Colour 050.
    Color050 = "Color050",
    /// Colour 060.
    Color060 = "Color060",
    /// Colour 070.
    Color070 = "Color070",
    /// Colour 080.
    Color080 = "Color080",
    /// Colour 090.
    Color090 = "Color090",
    /// Colour 100.
    Color100 = "Color100",
}

/// Page that a coupon opens (卡包跳转目标).
#[open_enum]
pub enum JumpTarget {
    /// Payment code of the user.
    PaymentCode = "PAYMENT_CODE",
    /// Mini program of the merchant.
    MiniProgram = "MINI_PROGRAM",
    /// Page of the coupon.
    DefaultPage = "DEFAULT_PAGE",
}

/// Look of a coupon (样式信息).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct PatternInfo {
    /// Instructions for the user.
    pub description: Option<String>,
    /// Logo of the merchant; a URL from an [upload](super::IMAGE_UPLOAD).
    pub merchant_logo: Option<String>,
    /// Name of the merchant.
    pub merchant_name: Option<String>,
    /// Colour.
    pub background_color: Option<BackgroundColor>,
    /// Picture; a URL from an [upload](super::IMAGE_UPLOAD).
    pub coupon_image: Option<String>,
    /// Page that the coupon opens.
    pub jump_target: Option<JumpTarget>,
    /// Mini program, for [`JumpTarget::MiniProgram`].
    pub mini_program_appid: Option<Appid>,
    /// Page of the mini program.
    pub mini_program_path: Option<String>,
}

/// Creates a stock of coupons (创建代金券批次).
///
/// `POST /v3/marketing/favor/coupon-stocks`. [`StartStock`](super::StartStock) makes it usable.
///
/// Not retried: no page promises that a repeated `out_request_no` is the same stock.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/marketing/favor/coupon-stocks",
    response = CreatedStock
)]
#[request(new = "Creates a stock from its required fields.")]
#[non_exhaustive]
pub struct CreateStock {
    /// Name of the stock.
    #[request(into)]
    pub stock_name: String,
    /// Period in which coupons are sent; two members of the body.
    #[serde(flatten)]
    pub period: StockPeriod,
    /// Limits.
    pub stock_use_rule: StockUseRule,
    /// Kind; two members of the body.
    #[serde(flatten)]
    pub kind: StockKind,
    /// Merchant to which the stock belongs.
    pub belong_merchant: Mchid,
    /// Conditions under which a coupon is redeemed.
    pub coupon_use_rule: CouponUseRule,
    /// Merchant's number of the stock.
    pub out_request_no: OutRequestNo,
    /// Remark that users do not see.
    pub comment: Option<String>,
    /// Look of the coupons.
    pub pattern_info: Option<PatternInfo>,
    /// Further properties.
    pub ext_info: Option<String>,
}

/// A stock that was created.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CreatedStock {
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// Time of creation.
    pub create_time: Option<DateTime>,
}

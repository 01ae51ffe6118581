//! Conditions under which a coupon is redeemed.

use wechatpay_macros::{RequestPart, open_enum};

use crate::types::{DateTime, Fen, Mchid};

/// Hours of certain weekdays (固定时间段可用).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct FixAvailableTime {
    /// Weekdays: 0 is Sunday, 6 Saturday.
    pub available_week_day: Option<Vec<i64>>,
    /// Begin on such a day.
    pub begin_time: Option<i64>,
    /// End on such a day.
    pub end_time: Option<i64>,
}

/// Time at which a coupon can be redeemed (券可核销时间).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct CouponAvailableTime {
    /// Begin.
    pub available_begin_time: Option<DateTime>,
    /// End.
    pub available_end_time: Option<DateTime>,
    /// Hours of certain weekdays.
    pub fix_available_time: Option<FixAvailableTime>,
    /// True if it can be redeemed from the day after it was received.
    pub second_day_available: Option<bool>,
    /// Length of its validity, counted from its receipt.
    pub available_time_after_receive: Option<i64>,
}

/// Coupon of a fixed amount (固定面额满减券使用规则).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates a coupon of `coupon_amount` for payments from `transaction_minimum`.")]
#[non_exhaustive]
pub struct FixedNormalCoupon {
    /// Amount in fen.
    pub coupon_amount: Fen,
    /// Least amount of the payment in fen.
    pub transaction_minimum: Fen,
}

/// Coupon of a part of the price (折扣券使用规则).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct DiscountCoupon {
    /// Maximum discount in fen.
    pub discount_amount_max: Option<Fen>,
    /// Percentage (折扣百分比).
    pub discount_percent: Option<i64>,
    /// Least amount of the payment in fen.
    pub transaction_minimum: Option<Fen>,
}

/// Coupon for goods at a fixed price (换购券使用规则).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct ExchangeCoupon {
    /// Price in fen.
    pub exchange_price: Option<Fen>,
    /// Least amount of the payment in fen.
    pub transaction_minimum: Option<Fen>,
}

/// Cards to which a coupon is restricted (指定银行卡BIN).
#[derive(Clone, Debug, Default, PartialEq, Eq, RequestPart)]
#[non_exhaustive]
pub struct LimitCard {
    /// Name of the cards.
    pub name: Option<String>,
    /// First digits of their numbers.
    pub bin: Option<Vec<String>>,
}

/// Scene of a payment (支付方式).
#[open_enum]
pub enum PaymentScene {
    /// Mini program.
    MiniProgram = "MICROAPP",
    /// App.
    App = "APPPAY",
    /// Payment without a password.
    PasswordFree = "PPAY",
    /// Payment code.
    Card = "CARD",
    /// Face payment.
    Face = "FACE",
    /// Any other.
    AnyOther = "OTHER",
}

/// Conditions under which a coupon is redeemed (核销规则).
///
/// Set the rule of the stock's kind: [`FixedNormalCoupon`], [`DiscountCoupon`] or [`ExchangeCoupon`].
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates conditions from the time at which a coupon can be redeemed.")]
#[non_exhaustive]
pub struct CouponUseRule {
    /// Time at which it can be redeemed.
    pub coupon_available_time: CouponAvailableTime,
    /// Rule of coupons of a fixed amount.
    pub fixed_normal_coupon: Option<FixedNormalCoupon>,
    /// Rule of coupons of a part of the price.
    pub discount_coupon: Option<DiscountCoupon>,
    /// Rule of coupons for goods at a fixed price.
    pub exchange_coupon: Option<ExchangeCoupon>,
    /// Tags of orders, as in `goods_tag` of the order.
    pub goods_tag: Option<Vec<String>>,
    /// Banks and cards with which the user must pay.
    pub limit_pay: Option<Vec<String>>,
    /// Cards with which the user must pay.
    pub limit_card: Option<LimitCard>,
    /// Scenes of the payment.
    pub trade_type: Option<Vec<PaymentScene>>,
    /// Goods for which the coupon is.
    pub available_items: Option<Vec<String>>,
    /// Goods for which the coupon is not.
    pub unavailable_items: Option<Vec<String>>,
    /// Merchants at which it can be redeemed.
    pub available_merchants: Option<Vec<Mchid>>,
    /// True if other promotions may apply too.
    pub combine_use: Option<bool>,
}

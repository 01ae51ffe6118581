//! Notification of a redeemed coupon.

use wechatpay_macros::{Resource, Response};

use super::{BusinessType, ConsumeInformation, CouponStatus, CouponType, NormalCouponInformation};
use crate::types::{DateTime, Fen, Mchid};

/// Discount on single goods (单品优惠特定信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SingleItemDiscount {
    /// Highest discounted price in fen.
    pub single_price_max: Option<Fen>,
}

/// Price to which a coupon reduces (减至优惠限定字段).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct DiscountTo {
    /// Reduced unit price in fen.
    pub cut_to_price: Option<Fen>,
    /// Highest price of the goods in fen.
    pub max_price: Option<Fen>,
}

/// A redeemed coupon (核销事件回调).
#[derive(Clone, Debug, PartialEq, Eq, Response, Resource)]
#[resource(
    event("COUPON.USE"),
    original_type = "coupon",
    decides("stock_creator_mchid", "stock_id", "coupon_id", "status")
)]
#[non_exhaustive]
pub struct CouponUse {
    /// Merchant that created the stock.
    pub stock_creator_mchid: Mchid,
    /// WeChat Pay's number of the stock.
    pub stock_id: String,
    /// WeChat Pay's number of the coupon.
    pub coupon_id: String,
    /// State.
    #[response(required)]
    pub status: CouponStatus,
    /// Name.
    pub coupon_name: Option<String>,
    /// Kind.
    pub coupon_type: Option<CouponType>,
    /// True if no money flows: the merchant receives less.
    pub no_cash: Option<bool>,
    /// Instructions for the user.
    pub description: Option<String>,
    /// Time of its receipt.
    pub create_time: Option<DateTime>,
    /// Begin of the time in which it can be redeemed.
    pub available_begin_time: Option<DateTime>,
    /// End of the time in which it can be redeemed.
    pub available_end_time: Option<DateTime>,
    /// True if it is for single goods.
    pub singleitem: Option<bool>,
    /// Discount on single goods.
    pub singleitem_discount_off: Option<SingleItemDiscount>,
    /// Price to which it reduces.
    pub discount_to: Option<DiscountTo>,
    /// Amount and the payments it is for.
    pub normal_coupon_information: Option<NormalCouponInformation>,
    /// Redemption.
    pub consume_information: Option<ConsumeInformation>,
    /// Kind of business.
    pub business_type: Option<BusinessType>,
}

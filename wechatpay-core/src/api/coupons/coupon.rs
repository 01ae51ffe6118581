//! Coupons of a user.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::OutRequestNo;
use crate::types::{Appid, DateTime, Fen, Mchid, Openid, TransactionId};

/// State of a coupon (代金券状态).
#[open_enum]
pub enum CouponStatus {
    /// Sent; it can be redeemed in its time.
    Sent = "SENDED",
    /// Redeemed.
    Used = "USED",
    /// Expired.
    Expired = "EXPIRED",
    /// Taken back.
    Recovered = "RECOVER",
}

/// Kind of a coupon (券类型).
#[open_enum]
pub enum CouponType {
    /// Reduces the price by an amount.
    Normal = "NORMAL",
    /// Reduces the price to an amount.
    CutTo = "CUT_TO",
}

/// Kind of business (业务类型).
#[open_enum]
pub enum BusinessType {
    /// Balance that is redeemed in several payments (消费金).
    MultiUse = "MULTIUSE",
}

/// Sends a coupon to a user (发放代金券).
///
/// `POST /v3/marketing/favor/users/{openid}/coupons`.
///
/// Safe to retry unchanged: the same `out_request_no` is the same coupon.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/marketing/favor/users/{openid}/coupons",
    response = SentCoupon, idempotency = ByNumber
)]
#[request(new = "Creates a coupon of the stock `stock_id` for a user.")]
#[non_exhaustive]
pub struct SendCoupon {
    /// User under the app.
    pub openid: Openid,
    /// WeChat Pay's number of the stock.
    #[request(into)]
    pub stock_id: String,
    /// Merchant's number of the coupon.
    pub out_request_no: OutRequestNo,
    /// App of the sender.
    pub appid: Appid,
    /// Merchant that created the stock.
    pub stock_creator_mchid: Mchid,
    /// Amount in fen, for stocks without a fixed one.
    pub coupon_value: Option<Fen>,
    /// Least amount of the payment in fen, for stocks without a fixed one.
    pub coupon_minimum: Option<Fen>,
}

/// A coupon that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SentCoupon {
    /// WeChat Pay's number of the coupon.
    pub coupon_id: String,
}

/// Lists the coupons of a user (根据商户号查用户的券).
///
/// `GET /v3/marketing/favor/users/{openid}/coupons`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/marketing/favor/users/{openid}/coupons", response = CouponPage)]
#[request(new = "Creates the request for a user under an app.")]
#[non_exhaustive]
pub struct ListUserCoupons {
    /// User under the app.
    pub openid: Openid,
    /// App of the merchant.
    pub appid: Appid,
    /// WeChat Pay's number of the stock.
    pub stock_id: Option<String>,
    /// State: [`CouponStatus::Sent`] or [`CouponStatus::Used`].
    pub status: Option<CouponStatus>,
    /// Merchant that created the stock.
    pub creator_mchid: Option<Mchid>,
    /// Merchant that sent the coupon.
    pub sender_mchid: Option<Mchid>,
    /// Merchant at which the coupon can be redeemed.
    pub available_mchid: Option<Mchid>,
    /// Number of the page, counted from 0.
    pub offset: Option<u32>,
    /// Size of a page.
    pub limit: Option<u32>,
    /// Kind of business.
    pub business_type: Option<BusinessType>,
}

/// A page of coupons.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CouponPage {
    /// Coupons of this page.
    pub data: Vec<Coupon>,
    /// Number of all coupons.
    pub total_count: Option<u64>,
    /// Size of a page.
    pub limit: Option<u64>,
    /// Number of this page.
    pub offset: Option<u64>,
}

/// Queries a coupon (查询代金券详情).
///
/// `GET /v3/marketing/favor/users/{openid}/coupons/{coupon_id}`.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    GET, "/v3/marketing/favor/users/{openid}/coupons/{coupon_id}",
    response = Coupon, echo_if_present(coupon_id)
)]
#[request(new = "Creates the request for a coupon of a user under an app.")]
#[non_exhaustive]
pub struct QueryCoupon {
    /// User under the app.
    pub openid: Openid,
    /// WeChat Pay's number of the coupon.
    #[request(into)]
    pub coupon_id: String,
    /// App of the merchant.
    pub appid: Appid,
}

/// Price to which coupons reduce (减至批次特定信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct CutToMessage {
    /// Highest price of the goods in fen.
    pub single_price_max: Option<Fen>,
    /// Reduced price in fen.
    pub cut_to_price: Option<Fen>,
}

/// Amount of a coupon and the payments it is for (固定面额满减券使用规则).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct NormalCouponInformation {
    /// Amount in fen.
    pub coupon_amount: Option<Fen>,
    /// Least amount of the payment in fen.
    pub transaction_minimum: Option<Fen>,
}

/// Goods for which a coupon was redeemed (单品信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ConsumedGoods {
    /// Merchant's number of the goods.
    pub goods_id: Option<String>,
    /// Quantity.
    pub quantity: Option<i64>,
    /// Unit price in fen.
    pub price: Option<Fen>,
    /// Discount in fen.
    pub discount_amount: Option<Fen>,
}

/// Redemption of a coupon (已实扣代金券核销信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct ConsumeInformation {
    /// Time.
    pub consume_time: Option<DateTime>,
    /// Merchant at which it was redeemed.
    pub consume_mchid: Option<Mchid>,
    /// WeChat Pay's number of the payment.
    pub transaction_id: Option<TransactionId>,
    /// Amount in fen; in notifications about [`BusinessType::MultiUse`].
    pub consume_amount: Option<Fen>,
    /// Goods.
    pub goods_detail: Vec<ConsumedGoods>,
}

/// A coupon of a user (代金券).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Coupon {
    /// Merchant that created the stock.
    pub stock_creator_mchid: Option<Mchid>,
    /// WeChat Pay's number of the stock.
    pub stock_id: Option<String>,
    /// WeChat Pay's number of the coupon.
    pub coupon_id: Option<String>,
    /// Name.
    pub coupon_name: Option<String>,
    /// State.
    pub status: Option<CouponStatus>,
    /// Kind.
    pub coupon_type: Option<CouponType>,
    /// Instructions for the user.
    pub description: Option<String>,
    /// Time of its receipt.
    pub create_time: Option<DateTime>,
    /// Time at which the stock was started.
    pub start_time: Option<DateTime>,
    /// Time at which the stock ended.
    pub stop_time: Option<DateTime>,
    /// Begin of the time in which it can be redeemed.
    pub available_begin_time: Option<DateTime>,
    /// End of the time in which it can be redeemed.
    pub available_end_time: Option<DateTime>,
    /// True if it is for single goods.
    pub singleitem: Option<bool>,
    /// Price to which it reduces.
    pub cut_to_message: Option<CutToMessage>,
    /// Amount and the payments it is for.
    pub normal_coupon_information: Option<NormalCouponInformation>,
    /// Redemption, once it was redeemed.
    pub consume_information: Option<ConsumeInformation>,
    /// Amount that is left in fen; for [`BusinessType::MultiUse`].
    pub available_balance: Option<Fen>,
    /// Kind of business.
    pub business_type: Option<BusinessType>,
}

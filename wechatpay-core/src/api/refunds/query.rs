//! A refund at the platform, and asking for it.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::{FundsAccount, RefundAccount, RefundSource, RefundStatus};
use crate::{
    api::transactions::PromotionScope,
    types::{Currency, DateTime, Fen, Mchid, OutRefundNo, OutTradeNo, Redacted, RefundId, TransactionId},
};

/// Which way the money goes back (退款渠道).
#[open_enum]
pub enum RefundChannel {
    /// The way it came.
    Original = "ORIGINAL",
    /// To the purse.
    Balance = "BALANCE",
    /// To another purse, the original one being unusable.
    OtherBalance = "OTHER_BALANCE",
    /// To another bank card, the original one being unusable.
    OtherBankcard = "OTHER_BANKCARD",
}

/// Kind of a promotion that is refunded. The pages use two pairs of words.
#[open_enum]
pub enum RefundPromotionType {
    /// Funded beforehand.
    Coupon = "COUPON",
    /// Not funded.
    Discount = "DISCOUNT",
    /// Funded beforehand, in the words of a payment.
    Cash = "CASH",
    /// Not funded, in the words of a payment.
    NoCash = "NOCASH",
}

/// Queries a refund by the merchant's number (查询单笔退款): `GET /v3/refund/domestic/refunds/{out_refund_no}`.
///
/// Wait a minute after applying; a 404 before that may mean "not yet visible".
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/refund/domestic/refunds/{out_refund_no}", response = Refund, echo(out_refund_no))]
#[request(new = "The refund `out_refund_no`.")]
#[non_exhaustive]
pub struct Query {
    /// The merchant's number of the refund.
    pub out_refund_no: OutRefundNo,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// A refund at the platform: the response to applying and to asking.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Refund {
    /// The platform's refund number.
    pub refund_id: RefundId,
    /// The merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// The platform's number of the payment.
    pub transaction_id: TransactionId,
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Refunded amount.
    pub amount: RefundedAmount,
    /// State of the refund. The notification calls this field `refund_status`.
    pub status: RefundStatus,
    /// Which way the money goes back.
    pub channel: Option<RefundChannel>,
    /// Destination of the money, in words.
    pub user_received_account: Option<Redacted>,
    /// When the payer got the money.
    pub success_time: Option<DateTime>,
    /// When the refund was accepted.
    pub create_time: Option<DateTime>,
    /// The account it is paid from.
    pub funds_account: Option<FundsAccount>,
    /// Whose money it is paid with; not on every page.
    pub refund_account: Option<RefundAccount>,
    /// Promotions that are refunded.
    pub promotion_detail: Vec<RefundPromotion>,
}

/// Refunded amounts, in fen.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundedAmount {
    /// Refunded amount.
    pub refund: Fen,
    /// The currency.
    pub currency: Option<Currency>,
    /// Amount the payer gave.
    pub payer_total: Option<Fen>,
    /// Amount the payer gets back.
    pub payer_refund: Option<Fen>,
    /// Amount taken back from the settlement.
    pub settlement_refund: Option<Fen>,
    /// Amount of the order that was to be settled.
    pub settlement_total: Option<Fen>,
    /// Amount that is refunded as promotions.
    pub discount_refund: Option<Fen>,
    /// Fee that is given back.
    pub refund_fee: Option<Fen>,
    /// Amount that the platform advanced; not on every page.
    pub advance: Option<Fen>,
    /// Total of the order, in fen.
    pub total: Option<Fen>,
    /// The accounts it is paid from.
    pub from: Vec<RefundSource>,
}

/// A promotion that is refunded (优惠退款信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundPromotion {
    /// Number of the coupon or campaign.
    pub promotion_id: Option<String>,
    /// Scope.
    pub scope: Option<PromotionScope>,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: Option<RefundPromotionType>,
    /// Its value in fen.
    pub amount: Option<Fen>,
    /// Refunded amount in fen.
    pub refund_amount: Option<Fen>,
    /// Goods it covers.
    pub goods_detail: Vec<RefundPromotionGoods>,
}

/// Goods of a promotion that is refunded.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundPromotionGoods {
    /// The merchant's number of the goods.
    pub merchant_goods_id: Option<String>,
    /// The platform's number.
    pub wechatpay_goods_id: Option<String>,
    /// The name.
    pub goods_name: Option<String>,
    /// Price of one in fen.
    pub unit_price: Option<Fen>,
    /// Amount refunded for them, in fen.
    pub refund_amount: Option<Fen>,
    /// Number that is given back.
    pub refund_quantity: Option<i64>,
}

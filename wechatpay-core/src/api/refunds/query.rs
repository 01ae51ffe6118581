//! Queries of a refund, and the refund they return.

use wechatpay_macros::{Endpoint, Response, open_enum};

use super::{FundsAccount, RefundAccount, RefundSource, RefundStatus};
use crate::{
    api::transactions::PromotionScope,
    types::{Currency, DateTime, Fen, Mchid, OutRefundNo, OutTradeNo, Redacted, RefundId, TransactionId},
};

/// Channel of a refund (退款渠道).
#[open_enum]
pub enum RefundChannel {
    /// Original payment method.
    Original = "ORIGINAL",
    /// Wallet.
    Balance = "BALANCE",
    /// Wallet other than the original one, which is unusable.
    OtherBalance = "OTHER_BALANCE",
    /// Bank card other than the original one, which is unusable.
    OtherBankcard = "OTHER_BANKCARD",
}

/// Kind of refunded promotion; the pages use two pairs of values.
#[open_enum]
pub enum RefundPromotionType {
    /// Prefunded.
    Coupon = "COUPON",
    /// Not prefunded.
    Discount = "DISCOUNT",
    /// Prefunded; value used by payments.
    Cash = "CASH",
    /// Not prefunded; value used by payments.
    NoCash = "NOCASH",
}

/// Queries a refund by the merchant's number (查询单笔退款).
///
/// `GET /v3/refund/domestic/refunds/{out_refund_no}`. For e-commerce:
/// [`ecommerce::QueryByOutRefundNo`](super::ecommerce::QueryByOutRefundNo).
///
/// Wait a minute after applying; an earlier 404 may mean "not yet visible".
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(GET, "/v3/refund/domestic/refunds/{out_refund_no}", response = Refund, echo(out_refund_no))]
#[request(new = "Creates the request for the refund `out_refund_no`.")]
#[non_exhaustive]
pub struct Query {
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
}

/// A refund: response to [`Apply`](super::Apply), [`Query`] and [`ApplyAbnormal`](super::ApplyAbnormal).
///
/// For e-commerce: [`ecommerce::Refund`](super::ecommerce::Refund).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct Refund {
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// Refunded amount.
    pub amount: RefundedAmount,
    /// State of the refund; the notification calls this field `refund_status`.
    pub status: RefundStatus,
    /// Channel of the refund.
    pub channel: Option<RefundChannel>,
    /// Destination of the money, as text.
    pub user_received_account: Option<Redacted>,
    /// Time at which the payer received the money.
    pub success_time: Option<DateTime>,
    /// Time of acceptance.
    pub create_time: Option<DateTime>,
    /// Account that the refund is paid from.
    pub funds_account: Option<FundsAccount>,
    /// Merchant that funds the refund; not on every page.
    pub refund_account: Option<RefundAccount>,
    /// Refunded promotions.
    pub promotion_detail: Vec<RefundPromotion>,
}

/// Refunded amounts, in fen.
///
/// For e-commerce: [`ecommerce::RefundedAmount`](super::ecommerce::RefundedAmount).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundedAmount {
    /// Refunded amount.
    pub refund: Fen,
    /// Currency.
    pub currency: Option<Currency>,
    /// Amount paid by the payer.
    pub payer_total: Option<Fen>,
    /// Amount returned to the payer.
    pub payer_refund: Option<Fen>,
    /// Amount deducted from the settlement.
    pub settlement_refund: Option<Fen>,
    /// Amount of the order to be settled.
    pub settlement_total: Option<Fen>,
    /// Amount refunded as promotions.
    pub discount_refund: Option<Fen>,
    /// Returned fee.
    pub refund_fee: Option<Fen>,
    /// Amount advanced by the e-commerce platform; not on every page.
    pub advance: Option<Fen>,
    /// Total of the order, in fen.
    pub total: Option<Fen>,
    /// Accounts that the refund is paid from.
    pub from: Vec<RefundSource>,
}

/// A refunded promotion (优惠退款信息).
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundPromotion {
    /// Coupon or campaign number.
    pub promotion_id: Option<String>,
    /// Scope.
    pub scope: Option<PromotionScope>,
    /// Kind.
    #[serde(rename = "type")]
    pub kind: Option<RefundPromotionType>,
    /// Value in fen.
    pub amount: Option<Fen>,
    /// Refunded amount in fen.
    pub refund_amount: Option<Fen>,
    /// Goods covered by the promotion.
    pub goods_detail: Vec<RefundPromotionGoods>,
}

/// Goods of a refunded promotion.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct RefundPromotionGoods {
    /// Merchant's goods number.
    pub merchant_goods_id: Option<String>,
    /// WeChat Pay's goods number.
    pub wechatpay_goods_id: Option<String>,
    /// Name.
    pub goods_name: Option<String>,
    /// Unit price in fen.
    pub unit_price: Option<Fen>,
    /// Amount refunded for these goods, in fen.
    pub refund_amount: Option<Fen>,
    /// Returned quantity.
    pub refund_quantity: Option<i64>,
}

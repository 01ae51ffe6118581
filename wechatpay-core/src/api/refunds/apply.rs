//! Application for a refund.

use serde::Serialize;
use wechatpay_macros::{Endpoint, RequestPart, SensitiveFields};

use super::{FundsAccount, Refund, RefundSource};
use crate::{
    api::EchoMismatch,
    types::{Currency, Fen, Mchid, OutRefundNo, OutTradeNo, TransactionId},
};

/// Order to refund, named by either of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(rename_all = "snake_case")]
pub enum RefundedOrder {
    /// By WeChat Pay's number.
    TransactionId(TransactionId),
    /// By the merchant's number.
    OutTradeNo(OutTradeNo),
}

impl RefundedOrder {
    /// Returns WeChat Pay's transaction id, if the order is named by it.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&TransactionId> {
        match self {
            Self::TransactionId(id) => Some(id),
            Self::OutTradeNo(_) => None,
        }
    }

    /// Returns the merchant's order number, if the order is named by it.
    #[must_use]
    pub fn out_trade_no(&self) -> Option<&OutTradeNo> {
        match self {
            Self::TransactionId(_) => None,
            Self::OutTradeNo(number) => Some(number),
        }
    }
}

impl From<TransactionId> for RefundedOrder {
    fn from(id: TransactionId) -> Self {
        Self::TransactionId(id)
    }
}

impl From<OutTradeNo> for RefundedOrder {
    fn from(number: OutTradeNo) -> Self {
        Self::OutTradeNo(number)
    }
}

/// Applies for a refund (退款申请).
///
/// `POST /v3/refund/domestic/refunds`. For e-commerce: [`ecommerce::Apply`](super::ecommerce::Apply).
///
/// Safe to retry unchanged: the same `out_refund_no` is the same refund.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/refund/domestic/refunds",
    response = Refund, idempotency = ByNumber, echo(out_refund_no), check = same_order_and_amount
)]
#[request(new = "Creates a refund of `amount` for `order`, named by either number.")]
#[non_exhaustive]
pub struct Apply {
    /// Order.
    #[serde(flatten)]
    #[request(into)]
    pub order: RefundedOrder,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// Refunded amount.
    pub amount: RefundAmount,
    /// Sub-merchant; required for a service provider.
    pub sub_mchid: Option<Mchid>,
    /// Reason shown to the payer, up to 80 characters.
    ///
    /// A partial refund of at most one yuan does not show it.
    pub reason: Option<String>,
    /// Notification URL, up to 256 characters, without a query string.
    ///
    /// It overrides the one in the console.
    pub notify_url: Option<String>,
    /// Account that the refund is paid from: `AVAILABLE` or `UNSETTLED`.
    pub funds_account: Option<FundsAccount>,
    /// Returned goods.
    pub goods_detail: Option<Vec<RefundGoods>>,
}

fn same_order_and_amount(request: &Apply, reply: &Refund) -> Result<(), EchoMismatch> {
    match &request.order {
        RefundedOrder::TransactionId(id) => {
            EchoMismatch::compare("transaction_id", id, &reply.transaction_id)
        }
        RefundedOrder::OutTradeNo(number) => {
            EchoMismatch::compare("out_trade_no", number, &reply.out_trade_no)
        }
    }?;
    EchoMismatch::compare("amount.refund", &request.amount.refund, &reply.amount.refund)
}

/// Refunded amount (金额信息), in fen.
///
/// E-commerce platforms use [`ecommerce::RefundAmount`](crate::api::refunds::ecommerce::RefundAmount) with
/// [`ecommerce::Apply`](crate::api::refunds::ecommerce::Apply).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an amount: `refund` out of the order's `total`.")]
#[non_exhaustive]
pub struct RefundAmount {
    /// Refunded amount, at most the remaining amount of the order.
    pub refund: Fen,
    /// Total of the order.
    pub total: Fen,
    /// Currency.
    pub currency: Currency,
    /// Accounts that the refund is paid from; their sum must equal `refund`.
    pub from: Option<Vec<RefundSource>>,
}

impl RefundAmount {
    /// Creates an amount in CNY: `refund` out of the order's `total`, in fen.
    #[must_use]
    pub fn cny(refund: Fen, total: Fen) -> Self {
        Self::new(refund, total, Currency::Cny)
    }
}

/// Returned goods (退款商品).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "Creates an entry for `refund_quantity` of the goods `merchant_goods_id`.")]
#[non_exhaustive]
pub struct RefundGoods {
    /// Merchant's goods number, up to 32 characters.
    #[request(into)]
    pub merchant_goods_id: String,
    /// Unit price in fen.
    pub unit_price: Fen,
    /// Amount refunded for these goods, in fen.
    pub refund_amount: Fen,
    /// Returned quantity.
    pub refund_quantity: i64,
    /// WeChat Pay's goods number, up to 32 characters.
    pub wechatpay_goods_id: Option<String>,
    /// Name, up to 256 characters.
    pub goods_name: Option<String>,
}

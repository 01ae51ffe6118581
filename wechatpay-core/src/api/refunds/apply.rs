//! Asking for a refund.

use serde::Serialize;
use wechatpay_macros::{Endpoint, RequestPart, SensitiveFields};

use super::{FundsAccount, Refund, RefundSource};
use crate::{
    api::EchoMismatch,
    types::{Currency, Fen, Mchid, OutRefundNo, OutTradeNo, TransactionId},
};

/// The order that is refunded, by either of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, SensitiveFields)]
#[serde(rename_all = "snake_case")]
pub enum RefundedOrder {
    /// By the platform's number.
    TransactionId(TransactionId),
    /// By the merchant's number.
    OutTradeNo(OutTradeNo),
}

impl RefundedOrder {
    /// The platform's number, if the order is named by it.
    #[must_use]
    pub fn transaction_id(&self) -> Option<&TransactionId> {
        match self {
            Self::TransactionId(id) => Some(id),
            Self::OutTradeNo(_) => None,
        }
    }

    /// The merchant's number, if the order is named by it.
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

/// Applies for a refund (退款申请): `POST /v3/refund/domestic/refunds`.
///
/// May be repeated unchanged: the same `out_refund_no` is the same refund.
#[derive(Clone, Debug, PartialEq, Eq, Endpoint)]
#[endpoint(
    POST, "/v3/refund/domestic/refunds",
    response = Refund, idempotency = ByNumber, echo(out_refund_no), check = same_order_and_amount
)]
#[request(new = "A refund of `amount` for `order`, which is one of its two numbers.")]
#[non_exhaustive]
pub struct Apply {
    /// The order.
    #[serde(flatten)]
    #[request(into)]
    pub order: RefundedOrder,
    /// The merchant's number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Refunded amount.
    pub amount: RefundAmount,
    /// The sub-merchant; required of a service provider.
    pub sub_mchid: Option<Mchid>,
    /// Why, up to 80 characters; the payer sees it, unless it is a partial refund of at most one yuan.
    pub reason: Option<String>,
    /// Address for the notification, up to 256 characters, without a query; goes before the one in the console.
    pub notify_url: Option<String>,
    /// The account that the refund is paid from: `AVAILABLE` or `UNSETTLED`.
    pub funds_account: Option<FundsAccount>,
    /// The goods that are given back.
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

/// The refunded amount (金额信息), in fen. Platforms use
/// [`refunds::ecommerce::RefundAmount`](crate::api::refunds::ecommerce::RefundAmount) instead.
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "`refund` of the `total` that the order cost.")]
#[non_exhaustive]
pub struct RefundAmount {
    /// Refunded amount, at most what is left of the order.
    pub refund: Fen,
    /// Total of the order.
    pub total: Fen,
    /// The currency.
    pub currency: Currency,
    /// The accounts it is paid from; together exactly `refund`.
    pub from: Option<Vec<RefundSource>>,
}

impl RefundAmount {
    /// `refund` of the `total` that the order cost, in yuan's hundredths.
    #[must_use]
    pub fn cny(refund: Fen, total: Fen) -> Self {
        Self::new(refund, total, Currency::Cny)
    }
}

/// Goods that are given back (退款商品).
#[derive(Clone, Debug, PartialEq, Eq, RequestPart)]
#[request(new = "`refund_quantity` of the goods `merchant_goods_id`.")]
#[non_exhaustive]
pub struct RefundGoods {
    /// The merchant's number of the goods, up to 32 characters.
    #[request(into)]
    pub merchant_goods_id: String,
    /// Price of one in fen.
    pub unit_price: Fen,
    /// Amount refunded for them, in fen.
    pub refund_amount: Fen,
    /// Number that is given back.
    pub refund_quantity: i64,
    /// The platform's number, up to 32 characters.
    pub wechatpay_goods_id: Option<String>,
    /// The name, up to 256 characters.
    pub goods_name: Option<String>,
}

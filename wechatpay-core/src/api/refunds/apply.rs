//! Asking for a refund.

use serde::{Deserialize, Serialize};

use super::Refund;
use crate::{
    api::{EchoMismatch, empty_is_none},
    macros::{endpoint, open_enum, request},
    types::{Currency, Fen, Mchid, OutRefundNo, OutTradeNo, TransactionId},
};

open_enum! {
    /// The account that a refund is paid from (退款资金来源), or was.
    pub enum FundsAccount {
        /// Money that is not settled yet.
        Unsettled = "UNSETTLED",
        /// The available balance.
        Available = "AVAILABLE",
        /// The balance that is not available.
        Unavailable = "UNAVAILABLE",
        /// The operating account.
        Operation = "OPERATION",
        /// The basic account.
        Basic = "BASIC",
        /// The basic account in digital yuan.
        EcnyBasic = "ECNY_BASIC",
        /// Prepaid money of a personal receiver.
        Prepaid = "PREPAID",
    }
}

/// The order that is refunded, by either of its numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

request! {
    /// Applies for a refund (退款申请): `POST /v3/refund/domestic/refunds`.
    ///
    /// May be repeated unchanged: the same `out_refund_no` is the same refund.
    pub struct Apply {
        required {
            /// The order.
            #[serde(flatten)]
            order: RefundedOrder,
            /// The merchant's number of the refund.
            out_refund_no: OutRefundNo,
            /// What is refunded.
            amount: RefundAmount,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
            /// Why, up to 80 characters; the payer sees it, unless it is a partial refund of at most one yuan.
            reason: String,
            /// Where the notification goes, up to 256 characters, without a query; goes before the one in the console.
            notify_url: String,
            /// The account that the refund is paid from: `AVAILABLE` or `UNSETTLED`.
            funds_account: FundsAccount,
            /// The goods that are given back.
            goods_detail: Vec<RefundGoods>,
        }
    }
    /// A refund of `amount` for `order`, which is one of its two numbers.
    new
}

endpoint! {
    impl POST "/v3/refund/domestic/refunds" for Apply -> Refund {
        idempotency: ByNumber,
        repeats: [out_refund_no],
        check: same_order_and_amount,
    }
}

fn same_order_and_amount(request: &Apply, answer: &Refund) -> Result<(), EchoMismatch> {
    match &request.order {
        RefundedOrder::TransactionId(id) => {
            EchoMismatch::compare("transaction_id", id, &answer.transaction_id)
        }
        RefundedOrder::OutTradeNo(number) => {
            EchoMismatch::compare("out_trade_no", number, &answer.out_trade_no)
        }
    }?;
    EchoMismatch::compare("amount.refund", &request.amount.refund, &answer.amount.refund)
}

request! {
    /// The refunded amount (金额信息), in fen. Platforms use
    /// [`ecommerce::refunds::RefundAmount`](crate::api::ecommerce::refunds::RefundAmount) instead.
    pub struct RefundAmount {
        required {
            /// What is given back, at most what is left of the order.
            refund: Fen,
            /// What the order cost.
            total: Fen,
            /// The currency.
            currency: Currency,
        }
        optional {
            /// The accounts it is paid from; together exactly `refund`.
            from: Vec<RefundSource>,
        }
    }
    /// `refund` of the `total` that the order cost.
    new
}

impl RefundAmount {
    /// `refund` of the `total` that the order cost, in yuan's hundredths.
    #[must_use]
    pub fn cny(refund: Fen, total: Fen) -> Self {
        Self::new(refund, total, Currency::Cny)
    }
}

/// An account that a refund is paid from, and how much of it (退款出资账户及金额).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RefundSource {
    /// The account: `AVAILABLE` or `UNAVAILABLE`.
    #[serde(
        default,
        deserialize_with = "empty_is_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub account: Option<FundsAccount>,
    /// The part it pays, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Fen>,
}

impl RefundSource {
    /// `amount` fen of `account`.
    #[must_use]
    pub fn new(account: FundsAccount, amount: Fen) -> Self {
        Self {
            account: Some(account),
            amount: Some(amount),
        }
    }
}

request! {
    /// Goods that are given back (退款商品).
    pub struct RefundGoods {
        required {
            /// The merchant's number of the goods, up to 32 characters.
            merchant_goods_id: String,
            /// Price of one in fen.
            unit_price: Fen,
            /// What is refunded for them, in fen.
            refund_amount: Fen,
            /// How many are given back.
            refund_quantity: i64,
        }
        optional {
            /// The platform's number, up to 32 characters.
            wechatpay_goods_id: String,
            /// The name, up to 256 characters.
            goods_name: String,
        }
    }
    /// `refund_quantity` of the goods `merchant_goods_id`.
    new
}

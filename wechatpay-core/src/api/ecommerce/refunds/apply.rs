//! Asking for a refund.

use serde::Serialize;

use super::RefundedAmount;
use crate::{
    api::{
        EchoMismatch, Path,
        refunds::{FundsAccount, RefundAccount, RefundPromotion, RefundSource, RefundedOrder},
    },
    macros::{endpoint, request, response},
    types::{
        Appid, CombineOutTradeNo, CombineTransactionId, Currency, DateTime, Fen, Mchid, OutRefundNo,
        PrivateText, RefundId,
    },
};

/// The payee of the order that is refunded: a sub-merchant or a person (个人收款).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundedPayee {
    /// A sub-merchant.
    SubMchid(Mchid),
    /// A personal receiver, by their authorisation.
    IndividualAuthId(PrivateText),
}

impl RefundedPayee {
    /// Appends who it is to the query of a path.
    pub(super) fn query(&self, path: Path) -> Path {
        match self {
            Self::SubMchid(mchid) => path.query("sub_mchid", mchid),
            Self::IndividualAuthId(id) => path.query("individual_auth_id", id.as_str()),
        }
    }
}

impl From<Mchid> for RefundedPayee {
    fn from(sub_mchid: Mchid) -> Self {
        Self::SubMchid(sub_mchid)
    }
}

request! {
    /// Applies for a refund (申请退款): `POST /v3/ecommerce/refunds/apply`.
    ///
    /// May be repeated unchanged: the same `out_refund_no` is the same refund.
    pub struct Apply {
        required {
            /// The payee of the order.
            #[serde(flatten)]
            payee: RefundedPayee,
            /// The platform's app.
            sp_appid: Appid,
            /// The order.
            #[serde(flatten)]
            order: RefundedOrder,
            /// The merchant's number of the refund.
            out_refund_no: OutRefundNo,
            /// What is refunded.
            amount: RefundAmount,
        }
        optional {
            /// The sub-merchant's app.
            sub_appid: Appid,
            /// Why, up to 80 characters; the payer sees it.
            reason: String,
            /// Where the notification goes, up to 256 characters, without a query.
            notify_url: String,
            /// Whose money it is paid with.
            refund_account: RefundAccount,
            /// The account it is paid from: `AVAILABLE` while the order is still being shared, `UNSETTLED`, or `PREPAID` for
            /// a personal receiver.
            funds_account: FundsAccount,
            /// The initiator of the combined order, for a personal receiver.
            combine_mchid: Mchid,
            /// The initiator's number of the combined order, for a personal receiver.
            combine_out_trade_no: CombineOutTradeNo,
            /// The platform's number of the combined order, for a personal receiver.
            combine_transaction_id: CombineTransactionId,
        }
    }
    /// A refund of `amount` for `order`, which is one of its two numbers. `payee` is a sub-merchant's id or a
    /// [`RefundedPayee`].
    new
}

endpoint! {
    impl POST "/v3/ecommerce/refunds/apply" for Apply -> AppliedRefund {
        idempotency: ByNumber,
        repeats: [out_refund_no],
        check: same_amount,
    }
}

fn same_amount(request: &Apply, answer: &AppliedRefund) -> Result<(), EchoMismatch> {
    EchoMismatch::compare("amount.refund", &request.amount.refund, &answer.amount.refund)
}

request! {
    /// The refunded amount (订单金额), in fen. Merchants that are no platform use
    /// [`api::refunds::RefundAmount`](crate::api::refunds::RefundAmount) instead.
    pub struct RefundAmount {
        required {
            /// What is given back, at most what is left of the order.
            refund: Fen,
            /// What the order cost.
            total: Fen,
        }
        optional {
            /// `CNY` when left out.
            currency: Currency,
            /// The accounts it is paid from; together exactly `refund`.
            from: Vec<RefundSource>,
        }
    }
    /// `refund` of the `total` that the order cost.
    new
}

impl RefundAmount {
    /// `refund` of the `total` that the order cost, in yuan's hundredths, with the currency spelled out.
    #[must_use]
    pub fn cny(refund: Fen, total: Fen) -> Self {
        Self::new(refund, total).currency(Currency::Cny)
    }
}

response! {
    /// A refund that was accepted. It has no status.
    pub struct AppliedRefund {
        required {
            /// The platform's refund number.
            refund_id: RefundId,
            /// The merchant's refund number.
            out_refund_no: OutRefundNo,
            /// What is refunded.
            amount: RefundedAmount,
        }
        texts {
            /// When it was accepted.
            create_time: DateTime,
            /// Whose money it is paid with.
            refund_account: RefundAccount,
        }
        lists {
            /// Promotions that are refunded.
            promotion_detail: RefundPromotion,
        }
    }
}

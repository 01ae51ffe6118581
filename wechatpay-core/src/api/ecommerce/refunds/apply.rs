//! Asking for a refund.

use super::RefundedAmount;
use crate::{
    api::{
        EchoMismatch,
        refunds::{FundsAccount, RefundAccount, RefundPromotion, RefundSource, RefundedOrder},
    },
    macros::{endpoint, request, response},
    types::{Appid, Currency, DateTime, Fen, Mchid, OutRefundNo, RefundId},
};

request! {
    /// Applies for a refund (申请退款): `POST /v3/ecommerce/refunds/apply`.
    ///
    /// May be repeated unchanged: the same `out_refund_no` is the same refund.
    pub struct Apply {
        required {
            /// The sub-merchant that was paid.
            sub_mchid: Mchid,
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
            /// `AVAILABLE`: from the available balance, while the order is still being shared.
            funds_account: FundsAccount,
        }
    }
    /// A refund of `amount` for `order`, which is one of its two numbers.
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
    /// What is refunded (订单金额), in fen.
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

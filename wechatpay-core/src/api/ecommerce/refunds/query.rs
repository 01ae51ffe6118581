//! A refund at the platform, and asking for it.

use super::RefundedPayee;
use crate::{
    api::refunds::{FundsAccount, RefundAccount, RefundChannel, RefundPromotion, RefundSource, RefundStatus},
    macros::{endpoint, request, response},
    types::{Currency, DateTime, Fen, OutRefundNo, OutTradeNo, PrivateText, RefundId, TransactionId},
};

request! {
    /// Queries a refund by the platform's number (按微信支付退款单号查询退款): `GET /v3/ecommerce/refunds/id/{refund_id}`.
    pub struct QueryById {
        required {
            /// The platform's number of the refund.
            refund_id: RefundId,
            /// The payee of the order.
            #[serde(flatten)]
            payee: RefundedPayee,
        }
    }
    /// The refund `refund_id` of `payee`: a sub-merchant's id or a [`RefundedPayee`].
    new
}

endpoint! {
    impl GET "/v3/ecommerce/refunds/id/{refund_id}" for QueryById -> Refund {
        path: [refund_id],
        query_part: payee,
        repeats: [refund_id],
    }
}

request! {
    /// Queries a refund by the merchant's number (按商户退款单号查询退款):
    /// `GET /v3/ecommerce/refunds/out-refund-no/{out_refund_no}`.
    ///
    /// Wait a minute after applying; a 404 before that may mean "not yet visible".
    pub struct QueryByOutRefundNo {
        required {
            /// The merchant's number of the refund.
            out_refund_no: OutRefundNo,
            /// The payee of the order.
            #[serde(flatten)]
            payee: RefundedPayee,
        }
    }
    /// The refund `out_refund_no` of `payee`: a sub-merchant's id or a [`RefundedPayee`].
    new
}

endpoint! {
    impl GET "/v3/ecommerce/refunds/out-refund-no/{out_refund_no}" for QueryByOutRefundNo -> Refund {
        path: [out_refund_no],
        query_part: payee,
        repeats: [out_refund_no],
    }
}

response! {
    /// A refund at the platform.
    pub struct Refund {
        required {
            /// The platform's refund number.
            refund_id: RefundId,
            /// The merchant's refund number.
            out_refund_no: OutRefundNo,
            /// The platform's number of the payment.
            transaction_id: TransactionId,
            /// The merchant's order number.
            out_trade_no: OutTradeNo,
            /// What is refunded.
            amount: RefundedAmount,
        }
        states {
            /// State of the refund. The notification calls this field `refund_status`.
            status: RefundStatus,
        }
        texts {
            /// Which way the money goes back.
            channel: RefundChannel,
            /// Where the money goes, in words.
            user_received_account: PrivateText,
            /// When the payer got the money.
            success_time: DateTime,
            /// When the refund was accepted.
            create_time: DateTime,
            /// Whose money it is paid with.
            refund_account: RefundAccount,
            /// The account it is paid from.
            funds_account: FundsAccount,
        }
        lists {
            /// Promotions that are refunded.
            promotion_detail: RefundPromotion,
        }
    }
}

response! {
    /// What is refunded, in fen.
    pub struct RefundedAmount {
        required {
            /// What is refunded.
            refund: Fen,
        }
        texts {
            /// The currency.
            currency: Currency,
        }
        parts {
            /// What the payer gets back.
            payer_refund: Fen,
            /// What is refunded as promotions.
            discount_refund: Fen,
            /// What the platform advanced.
            advance: Fen,
            /// Fee that is given back.
            refund_fee: Fen,
        }
        lists {
            /// The accounts it is paid from.
            from: RefundSource,
        }
    }
}

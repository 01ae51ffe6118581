//! Subsidies (补差): the platform adds to what an order costs, for orders made with `subsidy_amount` and `profit_sharing`.
//!
//! After the payment is settled and before it is shared. The pages contradict each other on the most per order: 5000 yuan
//! when ordering, 10 000 here.
//!
//! Pages: 请求补差, 请求补差回退, 取消补差.

use crate::{
    api::refunds::RefundSource,
    macros::{endpoint, open_enum, request, response},
    types::{
        DateTime, Fen, Mchid, OutOrderNo, OutSubsidyNo, RefundId, SubsidyId, SubsidyRefundId, TransactionId,
    },
};

open_enum! {
    /// How a subsidy, its return or its cancellation went (补差单结果).
    pub enum SubsidyResult {
        /// Done.
        Success = "SUCCESS",
        /// Not done.
        Fail = "FAIL",
        /// Returned since.
        Refund = "REFUND",
    }
}

request! {
    /// Adds a subsidy to an order (请求补差): `POST /v3/ecommerce/subsidies/create`.
    ///
    /// No page says that repeating it is safe, with or without a number of yours. When an answer is lost, look at the fund
    /// flow before you repeat it.
    pub struct Create {
        required {
            /// The sub-merchant, who gets it.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// How much, in fen.
            amount: Fen,
            /// What for, up to 80 characters.
            description: String,
        }
        optional {
            /// The merchant's number of the subsidy.
            out_subsidy_no: OutSubsidyNo,
            /// The refund it belongs to; older pages only.
            refund_id: RefundId,
        }
    }
    /// A subsidy of `amount` fen for the payment `transaction_id`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/subsidies/create" for Create -> Subsidy {
        repeats: [sub_mchid, transaction_id],
        may_repeat: [amount, out_subsidy_no],
    }
}

response! {
    /// A subsidy.
    pub struct Subsidy {
        required {
            /// The sub-merchant, who gets it.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// The platform's number of the subsidy.
            subsidy_id: SubsidyId,
        }
        states {
            /// How it went.
            result: SubsidyResult,
        }
        texts {
            /// What for.
            description: String,
            /// When it was done.
            success_time: DateTime,
            /// The merchant's number of the subsidy.
            out_subsidy_no: OutSubsidyNo,
        }
        parts {
            /// Amount in fen.
            amount: Fen,
        }
    }
}

request! {
    /// Takes a subsidy back, as before a refund (请求补差回退): `POST /v3/ecommerce/subsidies/return`.
    ///
    /// May be repeated unchanged: the same `out_order_no` is the same return.
    pub struct Return {
        required {
            /// The sub-merchant, who got it.
            sub_mchid: Mchid,
            /// The merchant's number of the return.
            out_order_no: OutOrderNo,
            /// The payment.
            transaction_id: TransactionId,
            /// How much, in fen.
            amount: Fen,
            /// Why, up to 80 characters.
            description: String,
        }
        optional {
            /// The refund it belongs to; older pages require it.
            refund_id: RefundId,
            /// The platform's number of the subsidy.
            subsidy_id: SubsidyId,
            /// The accounts it is paid from: `AVAILABLE`, `UNAVAILABLE`.
            from: Vec<RefundSource>,
        }
    }
    /// `amount` fen of the subsidy of the payment `transaction_id`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/subsidies/return" for Return -> SubsidyReturn {
        idempotency: ByNumber,
        repeats: [sub_mchid, out_order_no, transaction_id],
        may_repeat: [amount, refund_id, subsidy_id],
    }
}

response! {
    /// A subsidy that was taken back.
    pub struct SubsidyReturn {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// The platform's number of the return.
            subsidy_refund_id: SubsidyRefundId,
            /// The merchant's number of the return.
            out_order_no: OutOrderNo,
        }
        states {
            /// How it went.
            result: SubsidyResult,
        }
        texts {
            /// The refund it belongs to.
            refund_id: RefundId,
            /// The platform's number of the subsidy.
            subsidy_id: SubsidyId,
            /// Why.
            description: String,
            /// When it was done.
            success_time: DateTime,
        }
        parts {
            /// Amount in fen.
            amount: Fen,
        }
        lists {
            /// The accounts it is paid from.
            from: RefundSource,
        }
    }
}

request! {
    /// Does without the subsidy that an order was made with (取消补差): `POST /v3/ecommerce/subsidies/cancel`.
    ///
    /// May be repeated unchanged: it is about one payment, and what is cancelled stays cancelled.
    pub struct Cancel {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// Why, up to 80 characters.
            description: String,
        }
    }
    /// The subsidy of the payment `transaction_id`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/subsidies/cancel" for Cancel -> CancelledSubsidy {
        idempotency: ByNumber,
        repeats: [sub_mchid, transaction_id],
    }
}

response! {
    /// A subsidy that was cancelled.
    pub struct CancelledSubsidy {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
        }
        states {
            /// How it went.
            result: SubsidyResult,
        }
        texts {
            /// Why.
            description: String,
        }
    }
}

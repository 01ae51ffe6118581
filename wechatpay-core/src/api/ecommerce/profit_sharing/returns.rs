//! Returning a share, as before a refund (分账回退).

use crate::{
    api::{
        EchoMismatch,
        profit_sharing::{ReturnFailReason, ReturnResult, SharedOrder},
    },
    macros::{endpoint, request, response},
    types::{DateTime, Fen, Mchid, OutOrderNo, OutReturnNo, SharingOrderId, SharingReturnId, TransactionId},
};

request! {
    /// Takes a share back from a merchant (请求分账回退): `POST /v3/ecommerce/profitsharing/returnorders`.
    ///
    /// Only from merchants, within 180 days. A return that stays `PROCESSING` fails by itself after five days. What is
    /// returned goes to the available balance and cannot be shared again.
    ///
    /// May be repeated unchanged: the same `out_return_no` is the same return.
    pub struct ReturnShare {
        required {
            /// The sub-merchant whose money was shared.
            sub_mchid: Mchid,
            /// The share.
            #[serde(flatten)]
            order: SharedOrder,
            /// The merchant's number of the return.
            out_return_no: OutReturnNo,
            /// The merchant that returns it.
            return_mchid: Mchid,
            /// How much, in fen.
            amount: Fen,
            /// Why, up to 80 characters.
            description: String,
        }
        optional {
            /// The payment; required when the order is older than six months.
            transaction_id: TransactionId,
        }
    }
    /// `amount` fen of the share `order`, which is one of its two numbers.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/profitsharing/returnorders" for ReturnShare -> SharingReturn {
        idempotency: ByNumber,
        repeats: [sub_mchid, out_return_no, return_mchid],
        may_repeat: [amount],
        check: same_order,
    }
}

fn same_order(request: &ReturnShare, answer: &SharingReturn) -> Result<(), EchoMismatch> {
    request
        .order
        .may_be(answer.order_id.as_ref(), answer.out_order_no.as_ref())
}

request! {
    /// Queries how a return went (查询分账回退结果): `GET /v3/ecommerce/profitsharing/returnorders`.
    pub struct QueryReturn {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The merchant's number of the return.
            out_return_no: OutReturnNo,
        }
        optional {
            /// The platform's number of the share; this or `out_order_no`.
            order_id: SharingOrderId,
            /// The merchant's number of the share; this or `order_id`.
            out_order_no: OutOrderNo,
        }
    }
    /// The return `out_return_no`; name the share by one of its numbers too.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/profitsharing/returnorders" for QueryReturn -> SharingReturn {
        query: [sub_mchid, out_return_no, order_id, out_order_no],
        repeats: [sub_mchid, out_return_no],
        may_repeat: [order_id, out_order_no],
    }
}

response! {
    /// A return at the platform: the answer to returning and to asking.
    pub struct SharingReturn {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The merchant's number of the return.
            out_return_no: OutReturnNo,
            /// The platform's number of the return.
            return_no: SharingReturnId,
            /// The merchant that returns it.
            return_mchid: Mchid,
        }
        states {
            /// How it went.
            result: ReturnResult,
        }
        texts {
            /// The platform's number of the share.
            order_id: SharingOrderId,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
            /// Why it was returned.
            description: String,
            /// Why it failed.
            fail_reason: ReturnFailReason,
            /// When it was done.
            finish_time: DateTime,
            /// The payment.
            transaction_id: TransactionId,
        }
        parts {
            /// Amount in fen.
            amount: Fen,
        }
    }
}

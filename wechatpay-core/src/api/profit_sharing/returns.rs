//! Returning a share, as before a refund (分账回退).

use super::{ReturnFailReason, ReturnResult, SharedOrder};
use crate::{
    api::EchoMismatch,
    macros::{endpoint, request, response},
    types::{DateTime, Fen, Mchid, OutOrderNo, OutReturnNo, SharingOrderId, SharingReturnId},
};

request! {
    /// Takes a share back from a merchant (请求分账回退): `POST /v3/profitsharing/return-orders`. The answer tells the result.
    ///
    /// May be repeated unchanged: the same `out_return_no` is the same return.
    pub struct ReturnShare {
        required {
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
            /// The sub-merchant whose money was shared; required of a service provider.
            sub_mchid: Mchid,
        }
    }
    /// `amount` fen of the share `order`, which is one of its two numbers.
    new
}

endpoint! {
    impl POST "/v3/profitsharing/return-orders" for ReturnShare -> SharingReturn {
        idempotency: ByNumber,
        repeats: [out_return_no, return_mchid],
        may_repeat: [sub_mchid, amount],
        check: same_order,
    }
}

fn same_order(request: &ReturnShare, answer: &SharingReturn) -> Result<(), EchoMismatch> {
    request
        .order
        .may_be(answer.order_id.as_ref(), answer.out_order_no.as_ref())
}

request! {
    /// Queries how a return went (查询分账回退结果): `GET /v3/profitsharing/return-orders/{out_return_no}`.
    pub struct QueryReturn {
        required {
            /// The merchant's number of the return.
            out_return_no: OutReturnNo,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
        }
    }
    /// The return `out_return_no` of the share `out_order_no`.
    new
}

endpoint! {
    impl GET "/v3/profitsharing/return-orders/{out_return_no}" for QueryReturn -> SharingReturn {
        path: [out_return_no],
        query: [out_order_no, sub_mchid],
        repeats: [out_return_no],
        may_repeat: [out_order_no, sub_mchid],
    }
}

response! {
    /// A return at the platform: the answer to returning and to asking.
    pub struct SharingReturn {
        required {
            /// The merchant's number of the return.
            out_return_no: OutReturnNo,
            /// The platform's number of the return. E-commerce calls this field `return_no`.
            return_id: SharingReturnId,
            /// The merchant that returns it.
            return_mchid: Mchid,
        }
        states {
            /// How it went.
            result: ReturnResult,
        }
        texts {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The platform's number of the share.
            order_id: SharingOrderId,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
            /// Why it was returned.
            description: String,
            /// Why it failed.
            fail_reason: ReturnFailReason,
            /// When it was accepted.
            create_time: DateTime,
            /// When it was done.
            finish_time: DateTime,
        }
        parts {
            /// Amount in fen.
            amount: Fen,
        }
    }
}

//! Ending the sharing of an order, and what is left to share.

use crate::{
    api::profit_sharing::UnsplitAmount,
    macros::{endpoint, request, response},
    types::{Mchid, OutOrderNo, SharingOrderId, TransactionId},
};

request! {
    /// Ends the sharing of an order and releases what is left to the sub-merchant (完结分账):
    /// `POST /v3/ecommerce/profitsharing/finish-order`.
    ///
    /// `out_order_no` must be **a new number**: under the number of a share this answers success and releases nothing.
    /// May be repeated unchanged.
    pub struct FinishOrder {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// A new number of the merchant's.
            out_order_no: OutOrderNo,
            /// Why, up to 80 characters.
            description: String,
        }
    }
    /// The payment `transaction_id`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/profitsharing/finish-order" for FinishOrder -> FinishedOrder {
        idempotency: ByNumber,
        may_repeat: [sub_mchid, transaction_id, out_order_no],
    }
}

response! {
    /// The answer to ending the sharing; [`QueryShare`](super::QueryShare) tells what was released.
    pub struct FinishedOrder {
        texts {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// The merchant's number of this call.
            out_order_no: OutOrderNo,
            /// The platform's number of it.
            order_id: SharingOrderId,
        }
    }
}

request! {
    /// Queries what is left to share (查询订单剩余待分金额):
    /// `GET /v3/ecommerce/profitsharing/orders/{transaction_id}/amounts`.
    pub struct QueryUnsplitAmount {
        required {
            /// The payment.
            transaction_id: TransactionId,
        }
    }
    /// The payment `transaction_id`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/profitsharing/orders/{transaction_id}/amounts" for QueryUnsplitAmount -> UnsplitAmount {
        path: [transaction_id],
        repeats: [transaction_id],
    }
}

//! What is left to share, and how much may be shared.

use crate::{
    macros::{endpoint, request, response},
    types::{Fen, Mchid, TransactionId},
};

request! {
    /// Queries what is left to share (查询剩余待分金额): `GET /v3/profitsharing/transactions/{transaction_id}/amounts`.
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
    impl GET "/v3/profitsharing/transactions/{transaction_id}/amounts" for QueryUnsplitAmount -> UnsplitAmount {
        path: [transaction_id],
        repeats: [transaction_id],
    }
}

response! {
    /// What is left to share of a payment.
    pub struct UnsplitAmount {
        required {
            /// The payment.
            transaction_id: TransactionId,
            /// How much, in fen.
            unsplit_amount: Fen,
        }
    }
}

request! {
    /// Queries the largest part of an order that may be shared (查询最大分账比例):
    /// `GET /v3/profitsharing/merchant-configs/{sub_mchid}`.
    pub struct QueryMerchantConfig {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
    }
    /// The settings of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/profitsharing/merchant-configs/{sub_mchid}" for QueryMerchantConfig -> MerchantConfig {
        path: [sub_mchid],
        may_repeat: [sub_mchid],
    }
}

response! {
    /// How much of an order may be shared.
    pub struct MerchantConfig {
        required {
            /// The largest part, per 10 000: 2000 is 20 %.
            max_ratio: u32,
        }
        texts {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
    }
}

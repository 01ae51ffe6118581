//! What the platform advanced for a refund, and takes back from the sub-merchant (垫付回补).

use crate::{
    macros::{endpoint, open_enum, request, response},
    types::{AdvanceReturnId, DateTime, Fen, Mchid, RefundId},
};

open_enum! {
    /// How taking an advance back went (回补结果).
    pub enum AdvanceReturnResult {
        /// The platform has the money.
        Success = "SUCCESS",
        /// It could not be taken.
        Failed = "FAILED",
        /// Under way.
        Processing = "PROCESSING",
    }
}

open_enum! {
    /// An account that an advance is returned from or to.
    pub enum AdvanceAccount {
        /// The basic account.
        Basic = "BASIC",
        /// The operating account.
        Operation = "OPERATION",
    }
}

request! {
    /// Takes back from the sub-merchant what the platform advanced for a refund (垫付退款回补):
    /// `POST /v3/ecommerce/refunds/{refund_id}/return-advance`.
    ///
    /// May be repeated unchanged: a refund has one advance, which is returned once.
    pub struct ReturnAdvance {
        required {
            /// The platform's number of the refund.
            #[serde(skip)]
            refund_id: RefundId,
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
    }
    /// The advance for the refund `refund_id` of `sub_mchid`.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/refunds/{refund_id}/return-advance" for ReturnAdvance -> AdvanceReturn {
        idempotency: ByNumber,
        path: [refund_id],
        repeats: [refund_id],
    }
}

request! {
    /// Queries how taking an advance back went (查询垫付回补结果): `GET /v3/ecommerce/refunds/{refund_id}/return-advance`.
    pub struct QueryAdvanceReturn {
        required {
            /// The platform's number of the refund.
            refund_id: RefundId,
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
    }
    /// The advance for the refund `refund_id` of `sub_mchid`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/refunds/{refund_id}/return-advance" for QueryAdvanceReturn -> AdvanceReturn {
        path: [refund_id],
        query: [sub_mchid],
        repeats: [refund_id],
    }
}

response! {
    /// An advance on its way back.
    pub struct AdvanceReturn {
        required {
            /// The platform's number of the refund.
            refund_id: RefundId,
            /// The platform's number of the return.
            advance_return_id: AdvanceReturnId,
        }
        states {
            /// How it went.
            result: AdvanceReturnResult,
        }
        texts {
            /// Who returns it.
            payer_mchid: Mchid,
            /// From which account.
            payer_account: AdvanceAccount,
            /// Who gets it.
            payee_mchid: Mchid,
            /// To which account.
            payee_account: AdvanceAccount,
            /// When it arrived.
            success_time: DateTime,
        }
        parts {
            /// Returned amount in fen.
            return_amount: Fen,
        }
    }
}

//! A refund that could not be paid out.

use super::{Refund, RefundedPayee};
use crate::{
    api::refunds::AbnormalRefundType,
    macros::{endpoint, request},
    types::{OutRefundNo, RefundId, Sensitive},
};

request! {
    /// Has a refund of state `ABNORMAL` paid out in another way (发起异常退款):
    /// `POST /v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund`.
    ///
    /// May be repeated unchanged: it is about one refund, which is paid out once.
    pub struct ApplyAbnormal {
        required {
            /// The platform's number of the refund.
            #[serde(skip)]
            refund_id: RefundId,
            /// The payee of the order.
            #[serde(flatten)]
            payee: RefundedPayee,
            /// The merchant's number of the refund.
            out_refund_no: OutRefundNo,
            /// Where the money goes.
            #[serde(rename = "type")]
            kind: AbnormalRefundType,
        }
        optional {
            /// The bank of the card, up to 16 characters: `ICBC_DEBIT`, ….
            bank_type: String,
            /// Number of the card; travels encrypted.
            bank_account: Sensitive,
            /// Name of its holder; travels encrypted.
            real_name: Sensitive,
        }
        sensitive { bank_account, real_name, }
    }
    /// The refund of these two numbers.
    new
}

endpoint! {
    impl POST "/v3/ecommerce/refunds/{refund_id}/apply-abnormal-refund" for ApplyAbnormal -> Refund {
        idempotency: ByNumber,
        sensitive: true,
        path: [refund_id],
        repeats: [refund_id, out_refund_no],
    }
}

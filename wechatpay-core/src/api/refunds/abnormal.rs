//! A refund that could not be paid out.

use super::Refund;
use crate::{
    macros::{endpoint, open_enum, request},
    types::{Mchid, OutRefundNo, RefundId, Sensitive},
};

open_enum! {
    /// Where the money of an abnormal refund goes (异常退款处理方式).
    pub enum AbnormalRefundType {
        /// To a bank card of the payer's, which must be given.
        UserBankCard = "USER_BANK_CARD",
        /// To the merchant's bank card; the merchant then pays the payer.
        MerchantBankCard = "MERCHANT_BANK_CARD",
    }
}

request! {
    /// Has a refund of state `ABNORMAL` paid out in another way (发起异常退款):
    /// `POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund`.
    ///
    /// May be repeated unchanged: it is about one refund, which is paid out once.
    pub struct ApplyAbnormal {
        required {
            /// The platform's number of the refund.
            #[serde(skip)]
            refund_id: RefundId,
            /// The merchant's number of the refund.
            out_refund_no: OutRefundNo,
            /// Where the money goes.
            #[serde(rename = "type")]
            kind: AbnormalRefundType,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
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
    impl POST "/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund" for ApplyAbnormal -> Refund {
        idempotency: ByNumber,
        sensitive: true,
        path: [refund_id],
        repeats: [refund_id, out_refund_no],
    }
}

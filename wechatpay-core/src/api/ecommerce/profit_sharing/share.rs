//! Sharing an order, and asking how it went.

use crate::{
    api::profit_sharing::{ReceiverType, ShareFailReason, ShareResult, SharingStatus},
    crypto::EncryptError,
    macros::{endpoint, open_enum, request, response},
    types::{
        Appid, DateTime, Fen, Mchid, OutOrderNo, PrivateText, Sensitive, SensitiveFields, SensitiveVisitor,
        SharingOrderId, TransactionId,
    },
};

request! {
    /// Shares an order (请求分账): `POST /v3/ecommerce/profitsharing/orders`.
    ///
    /// May be repeated unchanged: the same `out_order_no` is the same share.
    pub struct Share {
        required {
            /// The sub-merchant whose money is shared.
            sub_mchid: Mchid,
            /// The payment, made with `profit_sharing`.
            transaction_id: TransactionId,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
            /// Who gets what: at most 50, each account once.
            receivers: Vec<Receiver>,
            /// Whether the rest is released to the sub-merchant.
            finish: bool,
        }
        optional {
            /// The app; required when a receiver is an openid of it.
            appid: Appid,
            /// Where a notification goes; no page of this family has it.
            notify_url: String,
        }
    }
    /// A share of the payment `transaction_id`.
    new
}

impl SensitiveFields for Share {
    fn visit_sensitive(&mut self, f: &mut SensitiveVisitor<'_>) -> Result<(), EncryptError> {
        self.receivers.visit_sensitive(f)
    }
}

endpoint! {
    impl POST "/v3/ecommerce/profitsharing/orders" for Share -> SharingOrder {
        idempotency: ByNumber,
        sensitive: true,
        repeats: [sub_mchid, transaction_id, out_order_no],
    }
}

request! {
    /// Who gets a part (分账接收方).
    pub struct Receiver {
        required {
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// A merchant's id or a person's openid, up to 64 characters.
            receiver_account: PrivateText,
            /// How much, in fen.
            amount: Fen,
            /// What for, up to 80 characters; the bill shows it.
            description: String,
        }
        optional {
            /// The person's name, which is compared if it is given; travels encrypted.
            receiver_name: Sensitive,
        }
        sensitive { receiver_name, }
    }
    /// `amount` fen for this account.
    new
}

request! {
    /// Queries how a share went, or the call that ended sharing (查询分账结果): `GET /v3/ecommerce/profitsharing/orders`.
    pub struct QueryShare {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
        }
    }
    /// The share `out_order_no` of the payment `transaction_id`.
    new
}

endpoint! {
    impl GET "/v3/ecommerce/profitsharing/orders" for QueryShare -> SharingOrder {
        query: [sub_mchid, transaction_id, out_order_no],
        repeats: [sub_mchid, transaction_id, out_order_no],
    }
}

open_enum! {
    /// What became of money that a receiver could not take (异常分账状态).
    pub enum AbnormalStatus {
        /// Waiting to be redirected.
        Pending = "ABNORMAL_PENDING",
        /// Redirected.
        Finished = "ABNORMAL_FINISHED",
        /// Given up.
        Closed = "ABNORMAL_CLOSED",
    }
}

open_enum! {
    /// Why redirecting money was given up.
    pub enum FundsAbnormalReason {
        /// Nobody did it in time.
        Timeout = "CLOSED_REASON_TIMEOUT",
        /// It is not allowed.
        RestrictTransfer = "CLOSED_REASON_RESTRICT_TRANSFER",
    }
}

response! {
    /// A share at the platform: the answer to sharing and to asking.
    pub struct SharingOrder {
        required {
            /// The sub-merchant.
            sub_mchid: Mchid,
            /// The payment.
            transaction_id: TransactionId,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
            /// The platform's number of the share.
            order_id: SharingOrderId,
        }
        texts {
            /// Whether it was executed. Look at the `result` of each receiver for how.
            status: SharingStatus,
            /// Why sharing was ended; only for the call that ended it.
            finish_description: String,
            /// Why it was closed.
            close_reason: ShareFailReason,
            /// State of money that receivers could not take.
            abnormal_status: AbnormalStatus,
            /// Why redirecting it was given up.
            funds_abnormal_closed_reason: FundsAbnormalReason,
            /// The platform's number of the redirection.
            funds_abnormal_redirect_id: String,
        }
        parts {
            /// What was released, in fen; only for the call that ended sharing.
            finish_amount: Fen,
        }
        lists {
            /// How it went for each receiver; none for the call that ended sharing.
            receivers: ReceiverResult,
            /// Merchants that got the money instead.
            funds_abnormal_receivers: AbnormalReceiver,
        }
    }
}

response! {
    /// How a share went for one receiver.
    pub struct ReceiverResult {
        states {
            /// How it went: this decides.
            result: ShareResult,
        }
        texts {
            /// What for.
            description: String,
            /// When it was done.
            finish_time: DateTime,
            /// Why it failed.
            fail_reason: ShareFailReason,
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// The account.
            receiver_account: PrivateText,
            /// The account, if it is a merchant's; an older name.
            receiver_mchid: Mchid,
            /// The platform's number of this part.
            detail_id: String,
            /// What became of money that the receiver could not take.
            abnormal_status: AbnormalStatus,
            /// Why redirecting it was given up.
            funds_abnormal_closed_reason: FundsAbnormalReason,
            /// The platform's number of the redirection.
            funds_abnormal_redirect_id: String,
        }
        parts {
            /// Amount in fen.
            amount: Fen,
        }
        lists {
            /// Who got it instead.
            funds_abnormal_receivers: AbnormalReceiver,
        }
    }
}

response! {
    /// Who got money that a receiver could not take.
    pub struct AbnormalReceiver {
        texts {
            /// The merchant.
            mchid: Mchid,
        }
    }
}

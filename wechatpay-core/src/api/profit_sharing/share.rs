//! Sharing an order, releasing the rest, and asking how it went.

use super::{ReceiverType, ShareFailReason, ShareResult, SharingStatus};
use crate::{
    crypto::EncryptError,
    macros::{endpoint, request, response},
    types::{
        Appid, DateTime, Fen, Mchid, OutOrderNo, PrivateText, Sensitive, SensitiveFields, SensitiveVisitor,
        SharingOrderId, TransactionId,
    },
};

request! {
    /// Shares an order (请求分账): `POST /v3/profitsharing/orders`.
    ///
    /// May be repeated unchanged: the same `out_order_no` is the same share.
    pub struct Share {
        required {
            /// The payment, made with `profit_sharing`.
            transaction_id: TransactionId,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
            /// Who gets what: at most 50.
            receivers: Vec<Receiver>,
            /// Whether the rest is released to the merchant.
            unfreeze_unsplit: bool,
        }
        optional {
            /// The caller's app; required when a receiver is an openid of it.
            appid: Appid,
            /// The sub-merchant whose money is shared; required of a service provider.
            sub_mchid: Mchid,
            /// The sub-merchant's app; required when a receiver is an openid of it.
            sub_appid: Appid,
            /// Where a notification goes, without a query; newer pages only.
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
    impl POST "/v3/profitsharing/orders" for Share -> SharingOrder {
        idempotency: ByNumber,
        sensitive: true,
        repeats: [transaction_id, out_order_no],
        may_repeat: [sub_mchid],
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
            account: PrivateText,
            /// How much, in fen.
            amount: Fen,
            /// What for, up to 80 characters; the bill shows it.
            description: String,
        }
        optional {
            /// The person's name, which is compared if it is given; travels encrypted.
            name: Sensitive,
        }
        sensitive { name, }
    }
    /// `amount` fen for this account.
    new
}

request! {
    /// Queries how a share went (查询分账结果): `GET /v3/profitsharing/orders/{out_order_no}`.
    pub struct QueryShare {
        required {
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
            /// The payment.
            transaction_id: TransactionId,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
        }
    }
    /// The share `out_order_no` of the payment `transaction_id`.
    new
}

endpoint! {
    impl GET "/v3/profitsharing/orders/{out_order_no}" for QueryShare -> SharingOrder {
        path: [out_order_no],
        query: [transaction_id, sub_mchid],
        repeats: [out_order_no, transaction_id],
        may_repeat: [sub_mchid],
    }
}

request! {
    /// Releases what is left of an order to the merchant (解冻剩余资金): `POST /v3/profitsharing/orders/unfreeze`.
    ///
    /// May be repeated unchanged, under a number that no share has.
    pub struct Unfreeze {
        required {
            /// The payment.
            transaction_id: TransactionId,
            /// A new number of the merchant's.
            out_order_no: OutOrderNo,
            /// Why, up to 80 characters.
            description: String,
        }
        optional {
            /// The sub-merchant; required of a service provider.
            sub_mchid: Mchid,
        }
    }
    /// The payment `transaction_id`.
    new
}

endpoint! {
    impl POST "/v3/profitsharing/orders/unfreeze" for Unfreeze -> SharingOrder {
        idempotency: ByNumber,
        repeats: [transaction_id, out_order_no],
        may_repeat: [sub_mchid],
    }
}

response! {
    /// A share at the platform: the answer to sharing, releasing and asking.
    pub struct SharingOrder {
        required {
            /// The payment.
            transaction_id: TransactionId,
            /// The merchant's number of the share.
            out_order_no: OutOrderNo,
            /// The platform's number of the share.
            order_id: SharingOrderId,
        }
        states {
            /// Whether it was executed. E-commerce calls this field `status`.
            state: SharingStatus,
        }
        texts {
            /// The sub-merchant.
            sub_mchid: Mchid,
        }
        lists {
            /// How it went for each receiver.
            receivers: ReceiverResult,
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
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
            /// The account.
            account: PrivateText,
            /// Why it failed.
            fail_reason: ShareFailReason,
            /// The platform's number of this part.
            detail_id: String,
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

//! The resource of a sharing notification (分账动账通知).

use super::ReceiverType;
use crate::{
    macros::response,
    types::{DateTime, Fen, Mchid, OutOrderNo, PrivateText, SharingOrderId, TransactionId},
};

response! {
    /// Money of a share that came in, or went back: only the receiver is told, and only at the address it configured.
    ///
    /// Whether it is a share or a return is told by the event: `PROFITSHARING.SUCCESS` or `PROFITSHARING.RETURN`; under
    /// `TRANSACTION.SUCCESS`, by the summary alone.
    pub struct SharingNotice {
        required {
            /// The payment.
            transaction_id: TransactionId,
            /// The platform's number of the share or return.
            order_id: SharingOrderId,
            /// The merchant's number of the share or return.
            out_order_no: OutOrderNo,
            /// Who received.
            receiver: SharingNoticeReceiver,
        }
        texts {
            /// The service provider or platform that shared.
            sp_mchid: Mchid,
            /// The sub-merchant whose money was shared.
            sub_mchid: Mchid,
            /// The direct merchant that shared.
            mchid: Mchid,
            /// When it happened.
            success_time: DateTime,
        }
    }
}

response! {
    /// Who received a share.
    pub struct SharingNoticeReceiver {
        required {
            /// The account.
            account: PrivateText,
            /// How much, in fen.
            amount: Fen,
        }
        states {
            /// What the account is.
            #[serde(rename = "type")]
            kind: ReceiverType,
        }
        texts {
            /// What for.
            description: String,
        }
    }
}

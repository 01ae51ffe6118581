//! The resource of a sharing notification (分账动账通知).

use wechatpay_macros::Response;

use super::ReceiverType;
use crate::types::{DateTime, Fen, Mchid, OutOrderNo, Redacted, SharingOrderId, TransactionId};

/// Money of a share that came in, or went back: only the receiver is told, and only at the address it configured.
///
/// The event tells a share from a return: `PROFITSHARING.SUCCESS` or `PROFITSHARING.RETURN`; under `TRANSACTION.SUCCESS`
/// the summary alone does.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingNotice {
    /// The payment.
    pub transaction_id: TransactionId,
    /// The platform's number of the share or return.
    pub order_id: SharingOrderId,
    /// The merchant's number of the share or return.
    pub out_order_no: OutOrderNo,
    /// Who received.
    pub receiver: SharingNoticeReceiver,
    /// The service provider or platform that shared.
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant whose money was shared.
    pub sub_mchid: Option<Mchid>,
    /// The direct merchant that shared.
    pub mchid: Option<Mchid>,
    /// When it happened.
    pub success_time: Option<DateTime>,
}

/// Who received a share.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingNoticeReceiver {
    /// The account.
    pub account: Redacted,
    /// Amount in fen.
    pub amount: Fen,
    /// Kind of the account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Purpose.
    pub description: Option<String>,
}

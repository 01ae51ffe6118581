//! Resource of a sharing notification (分账动账通知).

use wechatpay_macros::Response;

use super::ReceiverType;
use crate::types::{DateTime, Fen, Mchid, OutOrderNo, Redacted, SharingOrderId, TransactionId};

/// A share that a receiver received or returned.
///
/// Only the receiver gets this notification, at the URL that it configured. The event type tells a share
/// (`PROFITSHARING.SUCCESS`) from a return (`PROFITSHARING.RETURN`); under `TRANSACTION.SUCCESS` only the summary does.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingNotice {
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// WeChat Pay's number of the share or return.
    pub order_id: SharingOrderId,
    /// Merchant's number of the share or return.
    pub out_order_no: OutOrderNo,
    /// Receiver.
    pub receiver: SharingNoticeReceiver,
    /// Service provider or e-commerce platform that shared.
    pub sp_mchid: Option<Mchid>,
    /// Sub-merchant whose money was shared.
    pub sub_mchid: Option<Mchid>,
    /// Direct merchant that shared.
    pub mchid: Option<Mchid>,
    /// Time of the event.
    pub success_time: Option<DateTime>,
}

/// Receiver of a share.
#[derive(Clone, Debug, PartialEq, Eq, Response)]
#[non_exhaustive]
pub struct SharingNoticeReceiver {
    /// Account.
    pub account: Redacted,
    /// Amount in fen.
    pub amount: Fen,
    /// Kind of account.
    #[serde(rename = "type")]
    pub kind: ReceiverType,
    /// Purpose.
    pub description: Option<String>,
}

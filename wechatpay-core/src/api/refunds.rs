//! Refunds: the resource of a refund notification (退款结果通知).

use serde::Deserialize;

use super::transactions::empty_is_none;
use crate::{
    macros::open_enum,
    types::{DateTime, Fen, Mchid, OutRefundNo, OutTradeNo, PrivateText, RefundId, TransactionId},
};

open_enum! {
    /// State of a refund (退款状态).
    pub enum RefundStatus {
        /// The payer has the money.
        Success = "SUCCESS",
        /// It will not be paid out.
        Closed = "CLOSED",
        /// Under way.
        Processing = "PROCESSING",
        /// It could not be paid out; apply for an abnormal refund.
        Abnormal = "ABNORMAL",
    }
}

/// What a refund notification holds.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundNotice {
    /// The service provider (partner mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sp_mchid: Option<Mchid>,
    /// The sub-merchant (partner mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub sub_mchid: Option<Mchid>,
    /// The merchant (direct mode).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub mchid: Option<Mchid>,
    /// The merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// The platform's number of the payment.
    pub transaction_id: TransactionId,
    /// The merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// The platform's refund number.
    pub refund_id: RefundId,
    /// State of the refund. The API calls this field `status`.
    pub refund_status: RefundStatus,
    /// When the payer got the money.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub success_time: Option<DateTime>,
    /// Where the money went, in words.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub user_received_account: Option<PrivateText>,
    /// What was refunded.
    pub amount: RefundNoticeAmount,
    /// Whose money was used (e-commerce): `REFUND_SOURCE_PARTNER_ADVANCE` or `REFUND_SOURCE_SUB_MERCHANT`.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub refund_account: Option<String>,
}

/// What was refunded, in fen.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundNoticeAmount {
    /// What the order cost.
    pub total: Fen,
    /// What is refunded of it.
    pub refund: Fen,
    /// What the payer gave.
    pub payer_total: Fen,
    /// What the payer gets back.
    pub payer_refund: Fen,
}

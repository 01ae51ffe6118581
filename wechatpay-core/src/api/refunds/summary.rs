//! Refund as notifications and queries of either family tell of it.

use std::fmt;

use super::{Refund, RefundNotice, RefundStatus, ecommerce};
use crate::types::{Fen, Mchid, OutRefundNo, OutTradeNo, RefundId, TransactionId};

/// Members that the notification and the queries of a refund have in common.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefundSummary {
    /// Merchant's order number.
    pub out_trade_no: OutTradeNo,
    /// WeChat Pay's transaction id.
    pub transaction_id: TransactionId,
    /// Merchant's refund number.
    pub out_refund_no: OutRefundNo,
    /// WeChat Pay's refund number.
    pub refund_id: RefundId,
    /// State of the refund.
    pub status: RefundStatus,
    /// Refunded amount.
    pub refund: Fen,
    /// Sub-merchant of the order, in a notification of partner mode.
    pub sub_mchid: Option<Mchid>,
    /// Total of the order, in a notification.
    pub total: Option<Fen>,
}

impl fmt::Debug for RefundSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefundSummary")
            .field("out_refund_no", &self.out_refund_no)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl From<&RefundNotice> for RefundSummary {
    fn from(notice: &RefundNotice) -> Self {
        Self {
            out_trade_no: notice.out_trade_no.clone(),
            transaction_id: notice.transaction_id.clone(),
            out_refund_no: notice.out_refund_no.clone(),
            refund_id: notice.refund_id.clone(),
            status: notice.refund_status.clone(),
            refund: notice.amount.refund,
            sub_mchid: notice.sub_mchid.clone(),
            total: Some(notice.amount.total),
        }
    }
}

/// Implements the conversion of what a query returns.
macro_rules! queried {
    ($($refund:ty),+) => {
        $(impl From<&$refund> for RefundSummary {
            fn from(refund: &$refund) -> Self {
                Self {
                    out_trade_no: refund.out_trade_no.clone(),
                    transaction_id: refund.transaction_id.clone(),
                    out_refund_no: refund.out_refund_no.clone(),
                    refund_id: refund.refund_id.clone(),
                    status: refund.status.clone(),
                    refund: refund.amount.refund,
                    sub_mchid: None,
                    total: None,
                }
            }
        })+
    };
}

queried!(Refund, ecommerce::Refund);

//! Refunds of an order: reserved, accepted, done, and never more than was paid.

use serde::{Deserialize, Serialize};
use wechatpay_core::{
    api::refunds::{RefundStatus, RefundSummary},
    types::{Fen, OutRefundNo},
};

use crate::order::{Order, OrderStatus};

/// State of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RefundState {
    /// Asked for, and the platform's response is not known. It may have taken effect.
    Unknown,
    /// Accepted, under way.
    Processing,
    /// The buyer has the money.
    Success,
    /// It will not be paid out.
    Closed,
    /// It could not be paid out and needs manual work.
    Abnormal,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The shop's number of the refund. Repeating the number repeats the same refund.
    pub out_refund_no: OutRefundNo,
    /// Amount of the refund.
    pub amount: Fen,
    /// Its state.
    pub state: RefundState,
}

impl Refund {
    /// Returns true if its money is gone, or may be.
    pub(crate) fn counts(&self) -> bool {
        self.state != RefundState::Closed
    }

    /// Returns true if the platform accepted it and did not close it later.
    pub(crate) fn is_accepted(&self) -> bool {
        self.counts() && self.state != RefundState::Unknown
    }
}

/// Why an order cannot be refunded so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundRefused {
    /// Nothing was paid.
    #[error("the order is not paid")]
    NotPaid,
    /// More than is left.
    #[error("more than the {} fen that are left to refund", left.get())]
    TooMuch {
        /// Amount that is left.
        left: Fen,
    },
}

/// A refund that may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reserved {
    /// Its number.
    pub(crate) number: OutRefundNo,
    /// True if it was never sent before.
    pub(crate) is_new: bool,
}

/// News of a refund that do not fit the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the refund is not one of the order; differing: {field}")]
pub struct RefundMismatch {
    /// The field that differs.
    pub field: &'static str,
}

impl Order {
    /// Reserves a refund before the request to the platform.
    ///
    /// Two at the same time cannot refund more than was paid.
    ///
    /// A refund of the same amount whose outcome is unknown is taken up again under its old number: a new number would
    /// be a second refund.
    ///
    /// # Errors
    /// When the order is not paid or less is left.
    pub(crate) fn reserve_refund(
        &mut self,
        amount: Fen,
        new_number: &OutRefundNo,
    ) -> Result<Reserved, RefundRefused> {
        if !matches!(self.status, OrderStatus::Success | OrderStatus::Refund) {
            return Err(RefundRefused::NotPaid);
        }
        let unknown = |refund: &&Refund| refund.state == RefundState::Unknown && refund.amount == amount;
        if let Some(refund) = self.refunds.iter().find(unknown) {
            return Ok(Reserved {
                number: refund.out_refund_no.clone(),
                is_new: false,
            });
        }
        let left = self.refundable();
        if amount > left {
            return Err(RefundRefused::TooMuch { left });
        }
        self.refunds.push(Refund {
            out_refund_no: new_number.clone(),
            amount,
            state: RefundState::Unknown,
        });
        Ok(Reserved {
            number: new_number.clone(),
            is_new: true,
        })
    }

    /// The platform accepted it.
    pub(crate) fn refund_accepted(&mut self, number: &OutRefundNo) {
        self.refund_known();
        if let Some(refund) = self.refund_mut(number) {
            // The notification may have been faster than the response.
            if refund.state == RefundState::Unknown {
                refund.state = RefundState::Processing;
            }
        }
    }

    /// The platform rejected the refund: the reserved amount is free again.
    pub(crate) fn refund_refused(&mut self, number: &OutRefundNo) {
        self.refunds
            .retain(|refund| refund.out_refund_no != *number || refund.state != RefundState::Unknown);
    }

    /// Applies the end of a refund, from a notification or a query.
    ///
    /// A refund that the shop did not request was made in the merchant console.
    ///
    /// # Errors
    /// The first field that contradicts the order.
    pub(crate) fn refund_ended(&mut self, news: &RefundSummary) -> Result<(), RefundMismatch> {
        let differs = |field| Err(RefundMismatch { field });
        let sub_mchid = news.sub_mchid.as_ref();
        if sub_mchid.is_some_and(|sub_mchid| *sub_mchid != self.paid_to.sub_mchid) {
            return differs("sub_mchid");
        }
        if news.total.is_some_and(|total| total != self.total) {
            return differs("amount.total");
        }
        let payment = self.payment.as_ref();
        if payment.is_some_and(|payment| payment.transaction_id != news.transaction_id) {
            return differs("transaction_id");
        }
        let state = match news.status {
            RefundStatus::Success => RefundState::Success,
            RefundStatus::Closed => RefundState::Closed,
            RefundStatus::Abnormal => RefundState::Abnormal,
            _ => RefundState::Processing,
        };
        let left = self.refundable();
        match self.refund_mut(&news.out_refund_no) {
            Some(refund) if refund.amount != news.refund => return differs("amount.refund"),
            // What has ended does not begin anew: notifications come in any order.
            Some(refund) if refund.state == RefundState::Success => {}
            Some(refund) => refund.state = state,
            None if news.refund > left => return differs("amount.refund"),
            None => self.refunds.push(Refund {
                out_refund_no: news.out_refund_no.clone(),
                amount: news.refund,
                state,
            }),
        }
        self.refund_known();
        Ok(())
    }

    fn refund_mut(&mut self, number: &OutRefundNo) -> Option<&mut Refund> {
        self.refunds
            .iter_mut()
            .find(|refund| refund.out_refund_no == *number)
    }
}

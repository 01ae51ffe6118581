//! Records of the shop.

use std::fmt;

use serde::Serialize;

use crate::{api::refunds::RefundStatus, types::Fen};

/// Subject of a record or row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Paid order, named by its `out_trade_no`.
    Payment,
    /// Refund, named by its `out_refund_no`.
    Refund,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Payment => "payment",
            Self::Refund => "refund",
        })
    }
}

/// One order or refund of the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub(super) subject: Subject,
    pub(super) number: Box<str>,
    pub(super) amount: Fen,
    pub(super) state: State,
}

/// States that can be compared with those of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Paid, or refunded.
    Done,
    /// In progress; for refunds only.
    Underway,
    /// Not paid, or not refunded.
    NotDone,
    /// Unknown state, not compared.
    Unknown,
}

impl Record {
    /// Creates a record of a paid order with its total.
    pub fn payment(out_trade_no: impl Into<Box<str>>, total: Fen) -> Self {
        Self {
            subject: Subject::Payment,
            number: out_trade_no.into(),
            amount: total,
            state: State::Done,
        }
    }

    /// Creates a record of an unpaid or closed order, which must not be billed.
    pub fn unpaid(out_trade_no: impl Into<Box<str>>, total: Fen) -> Self {
        Self {
            state: State::NotDone,
            ..Self::payment(out_trade_no, total)
        }
    }

    /// Creates a record of an accepted refund with requested amount and known state.
    pub fn refund(out_refund_no: impl Into<Box<str>>, amount: Fen, status: &RefundStatus) -> Self {
        Self {
            subject: Subject::Refund,
            number: out_refund_no.into(),
            amount,
            state: match status {
                RefundStatus::Success => State::Done,
                RefundStatus::Processing => State::Underway,
                RefundStatus::Closed | RefundStatus::Abnormal => State::NotDone,
                RefundStatus::Other(_) => State::Unknown,
            },
        }
    }

    /// Returns the subject.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// Returns the shop's number.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }
}

//! What the shop knows.

use std::fmt;

use serde::Serialize;

use crate::{api::refunds::RefundStatus, types::Fen};

/// What a record or a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An order that was paid; its number is the `out_trade_no`.
    Payment,
    /// A refund; its number is the `out_refund_no`.
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

/// States that are comparable with those of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Paid, or paid back.
    Done,
    /// Under way: for a refund only.
    Underway,
    /// Not paid, or not paid back.
    NotDone,
    /// Nothing is known of it, so nothing is compared.
    Unknown,
}

impl Record {
    /// An order that was paid, with its total.
    pub fn payment(out_trade_no: impl Into<Box<str>>, total: Fen) -> Self {
        Self {
            subject: Subject::Payment,
            number: out_trade_no.into(),
            amount: total,
            state: State::Done,
        }
    }

    /// An order that was not paid, or closed: it must not be in the bill.
    pub fn unpaid(out_trade_no: impl Into<Box<str>>, total: Fen) -> Self {
        Self {
            state: State::NotDone,
            ..Self::payment(out_trade_no, total)
        }
    }

    /// A refund that was accepted, with the amount that was asked for and its state as far as it is known.
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

    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The shop's number.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }
}

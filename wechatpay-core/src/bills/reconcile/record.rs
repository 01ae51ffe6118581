//! Records of the shop.

use std::{fmt, str::FromStr};

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

/// Error: the line is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line is neither payment,NUMBER,FEN,paid|unpaid nor refund,NUMBER,FEN,STATUS")]
pub struct InvalidRecord;

/// Reads a line of a file: `payment,TEA1,990,paid`, `payment,TEA2,990,unpaid` or `refund,R1,300,SUCCESS`.
impl FromStr for Record {
    type Err = InvalidRecord;

    fn from_str(line: &str) -> Result<Self, InvalidRecord> {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [subject, number, amount, state] = fields[..] else {
            return Err(InvalidRecord);
        };
        let amount = amount.parse().ok().and_then(|fen| Fen::new(fen).ok());
        let amount = amount.filter(|_| !number.is_empty()).ok_or(InvalidRecord)?;
        match (subject, state) {
            ("payment", "paid") => Ok(Self::payment(number, amount)),
            ("payment", "unpaid") => Ok(Self::unpaid(number, amount)),
            ("refund", status) => Ok(Self::refund(number, amount, &RefundStatus::from(status))),
            _ => Err(InvalidRecord),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_payment_or_a_refund() {
        let fen = |fen| Fen::new(fen).unwrap();
        let read = str::parse::<Record>;
        assert_eq!(read("payment,A-1,990,paid"), Ok(Record::payment("A-1", fen(990))));
        assert_eq!(read("payment, A-2, 1, unpaid"), Ok(Record::unpaid("A-2", fen(1))));
        assert_eq!(
            read("refund,R-1,300,SUCCESS"),
            Ok(Record::refund("R-1", fen(300), &RefundStatus::Success))
        );
        for bad in [
            "",
            "payment",
            "payment,A,9.90,paid",
            "payment,,1,paid",
            "payment,A,1,maybe",
            "payment,A,1,paid,x",
        ] {
            assert_eq!(read(bad), Err(InvalidRecord), "{bad}");
        }
    }
}

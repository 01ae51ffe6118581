//! Errors in the format of a bill.

use std::fmt;

use super::BillAmount;

/// Position and reason of a format error in a bill.
///
/// The text of the file is not kept: it may contain a payer's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillFormatError {
    line: u64,
    column: Option<Box<str>>,
    problem: BillProblem,
}

/// Reason of a format error in a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BillProblem {
    /// Bytes that are not UTF-8.
    #[error("not UTF-8: was it saved by a spreadsheet, as GBK?")]
    Encoding,
    /// A line of more than [`MAX_LINE`](super::MAX_LINE) bytes.
    #[error("the line is too long for a bill")]
    LineTooLong,
    /// First line without column names.
    #[error("the first line is not a header: is this file a bill?")]
    NoHeader,
    /// Missing required column.
    #[error("the bill has no such column")]
    MissingColumn,
    /// Row with another number of fields than the header.
    #[error("{found} fields where the header has {expected} columns")]
    Fields {
        /// Number of columns in the header.
        expected: usize,
        /// Number of fields in the row.
        found: usize,
    },
    /// Text that is not an amount in yuan.
    #[error("not an amount in yuan")]
    Amount,
    /// Amount that is not a whole, non-negative number of fen.
    #[error("not a whole amount of fen")]
    Fen,
    /// Time that is not written as `2024-01-31 12:34:56`.
    #[error("not a time written as 2024-01-31 12:34:56")]
    Time,
    /// Text that is not a number of rows.
    #[error("not a number of rows")]
    Count,
    /// Truncated file: the summary is missing.
    #[error("the summary at the end is missing: the file is truncated")]
    NoSummary,
    /// Text after the summary.
    #[error("text after the summary")]
    AfterSummary,
    /// Sum of the rows that differs from the summary.
    #[error("the rows add up to {computed}, the summary states {stated}")]
    Total {
        /// Value stated by the summary.
        stated: BillAmount,
        /// Sum computed from the rows.
        computed: BillAmount,
    },
    /// Number of rows that differs from the summary.
    #[error("there are {computed} rows, the summary states {stated}")]
    Rows {
        /// Value stated by the summary.
        stated: u64,
        /// Number of rows counted.
        computed: u64,
    },
    /// Sum that does not fit into 64 bits.
    #[error("the sum is too large")]
    Overflow,
}

impl BillFormatError {
    pub(super) fn new(line: u64, problem: BillProblem) -> Self {
        Self {
            line,
            column: None,
            problem,
        }
    }

    pub(super) fn at(line: u64, column: &str, problem: BillProblem) -> Self {
        Self {
            line,
            column: Some(column.into()),
            problem,
        }
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Returns the column, if one column causes the error.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// Returns the reason.
    #[must_use]
    pub fn problem(&self) -> BillProblem {
        self.problem
    }
}

impl fmt::Display for BillFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for BillFormatError {}

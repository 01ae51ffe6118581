//! What a file can be that is no bill.

use std::fmt;

use super::BillAmount;

/// Where a bill cannot be read, and why. The text of the file is not kept: it may name a payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillFormatError {
    line: u64,
    column: Option<Box<str>>,
    problem: BillProblem,
}

/// Why a bill cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BillProblem {
    /// The bytes are not UTF-8.
    #[error("not UTF-8: was it saved by a spreadsheet, as GBK?")]
    Encoding,
    /// A line of more than [`MAX_LINE`](super::MAX_LINE) bytes.
    #[error("the line is too long for a bill")]
    LineTooLong,
    /// The first line names no columns.
    #[error("the first line is no header: is this a bill?")]
    NoHeader,
    /// A column that is needed is not there.
    #[error("the bill has no such column")]
    MissingColumn,
    /// A row has another number of fields than the header.
    #[error("{found} fields where the header has {expected} columns")]
    Fields {
        /// Columns of the header.
        expected: usize,
        /// Fields of the row.
        found: usize,
    },
    /// Not an amount of yuan.
    #[error("not an amount of yuan")]
    Amount,
    /// Not a whole, positive number of fen where there should be one.
    #[error("not a whole amount of fen")]
    Fen,
    /// Not a time written `2024-01-31 12:34:56`.
    #[error("not a time of day")]
    Time,
    /// Not a number of rows.
    #[error("not a number")]
    Count,
    /// The file broke off: it has no summary.
    #[error("the summary at the end is missing: the file broke off")]
    NoSummary,
    /// Something follows the summary.
    #[error("text after the summary")]
    AfterSummary,
    /// The rows do not add up to what the summary says.
    #[error("the rows add up to {computed}, the summary says {stated}")]
    Total {
        /// What the summary says.
        stated: BillAmount,
        /// What the rows add up to.
        computed: BillAmount,
    },
    /// There are not as many rows as the summary says.
    #[error("there are {computed} rows, the summary says {stated}")]
    Rows {
        /// What the summary says.
        stated: u64,
        /// How many there are.
        computed: u64,
    },
    /// A sum that does not fit into 64 bits.
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

    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The column, if it is one column's fault.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// What is wrong.
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

//! Fund-flow bills (资金账单): one row per movement on an account.

use super::{
    BillAmount, BillFormatError, BillProblem, Row, RowReader, Summary,
    header::position,
    trade::{amount, beijing_time},
};
use crate::types::DateTime;

const TIME: &str = "记账时间";
const DIRECTION: &str = "收支类型";
const AMOUNT: &str = "收支金额(元)";
const BALANCE: &str = "账户结余(元)";
const INCOME: &str = "收入";
const EXPENSE: &str = "支出";

/// Reads a fund-flow bill and sums its rows.
///
/// # Examples
///
/// ```
/// use wechatpay_core::bills::{BillFormatError, FundFlowReader};
///
/// let file = "记账时间,微信支付业务单号,收支类型,收支金额(元),账户结余(元)\r\n\
///     `2024-01-01 09:00:00,`4200001,`收入,`9.84,`109.84\r\n\
///     资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`1.0,`1.0,`9.84,`0.0,`0.00\r\n";
///
/// let mut bill = FundFlowReader::new();
/// bill.feed(file.as_bytes(), |row| {
///     assert_eq!((row.is_income(), row.amount().to_string().as_str()), (true, "9.84"));
///     Ok::<_, BillFormatError>(())
/// })?;
/// assert_eq!(bill.finish()?.totals().income_count, 1);
/// # Ok::<(), BillFormatError>(())
/// ```
#[derive(Debug, Default)]
pub struct FundFlowReader {
    rows: RowReader,
    columns: Option<Columns>,
    totals: FundFlowTotals,
}

#[derive(Clone, Copy, Debug)]
struct Columns {
    time: usize,
    direction: usize,
    amount: usize,
    balance: Option<usize>,
}

/// One movement on an account.
#[derive(Clone, Debug)]
pub struct FundFlowRow<'a> {
    row: Row<'a>,
    columns: Columns,
    amount: BillAmount,
    balance: Option<BillAmount>,
}

/// Sums of the rows of a fund-flow bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FundFlowTotals {
    /// Number of rows.
    pub count: u64,
    /// Number of income rows.
    pub income_count: u64,
    /// Income.
    pub income: BillAmount,
    /// Number of expense rows.
    pub expense_count: u64,
    /// Expense.
    pub expense: BillAmount,
}

/// A fund-flow bill, read completely, whose totals match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundFlowBill {
    totals: FundFlowTotals,
    summary: Summary,
}

impl FundFlowReader {
    /// Creates a reader at the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes and calls `each` for every complete row.
    ///
    /// # Errors
    /// Returns an error if the file is not a fund-flow bill, or the first error of `each`. Do not use the reader
    /// afterwards.
    pub fn feed<E: From<BillFormatError>>(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&FundFlowRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self {
            rows,
            columns,
            totals,
        } = self;
        rows.feed(bytes, |row| {
            let columns = match *columns {
                Some(columns) => columns,
                None => *columns.insert(Columns::find(row.header())?),
            };
            let missing = || row.error(columns.amount, BillProblem::Amount);
            let amount_moved = amount(&row, Some(columns.amount))?.ok_or_else(missing)?;
            let row = FundFlowRow {
                row,
                columns,
                amount: amount_moved,
                balance: amount(&row, columns.balance)?,
            };
            totals.add(&row)?;
            each(&row)
        })
    }

    /// Ends the file and compares the sums with the summary row.
    ///
    /// # Errors
    /// Returns an error for a truncated file or totals that differ.
    pub fn finish(self) -> Result<FundFlowBill, BillFormatError> {
        let (totals, summary) = (self.totals, self.rows.finish()?);
        summary.check_count(&["资金流水总笔数"], totals.count)?;
        summary.check_count(&["收入笔数"], totals.income_count)?;
        summary.check_amount(&["收入金额"], totals.income)?;
        summary.check_count(&["支出笔数"], totals.expense_count)?;
        summary.check_amount(&["支出金额"], totals.expense)?;
        Ok(FundFlowBill { totals, summary })
    }
}

impl Columns {
    fn find(header: &[Box<str>]) -> Result<Self, BillFormatError> {
        let need = |column| {
            position(header, column).ok_or_else(|| BillFormatError::at(1, column, BillProblem::MissingColumn))
        };
        Ok(Self {
            time: need(TIME)?,
            direction: need(DIRECTION)?,
            amount: need(AMOUNT)?,
            balance: position(header, BALANCE),
        })
    }
}

impl<'a> FundFlowRow<'a> {
    /// Returns the raw row with every column.
    #[must_use]
    pub fn row(&self) -> &Row<'a> {
        &self.row
    }

    /// Returns the line, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.row.line()
    }

    /// Returns the field of this column, as [`Row::get`].
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&'a str> {
        self.row.get(column)
    }

    /// Returns the booking time (记账时间).
    ///
    /// # Errors
    /// Returns an error if the time has another form.
    pub fn time(&self) -> Result<DateTime, BillFormatError> {
        let text = self.row.field(self.columns.time).unwrap_or_default();
        beijing_time(text).ok_or_else(|| self.row.error(self.columns.time, BillProblem::Time))
    }

    /// Returns the number of the payment or refund (微信支付业务单号).
    #[must_use]
    pub fn business_number(&self) -> Option<&'a str> {
        self.get("微信支付业务单号")
    }

    /// Returns the number of the movement (资金流水单号).
    #[must_use]
    pub fn flow_number(&self) -> Option<&'a str> {
        self.get("资金流水单号")
    }

    /// Returns the business type as text (业务类型).
    #[must_use]
    pub fn business_type(&self) -> Option<&'a str> {
        self.get("业务类型")
    }

    /// Returns true for income (收入), false for expense (支出).
    #[must_use]
    pub fn is_income(&self) -> bool {
        self.direction() == INCOME
    }

    /// Returns the moved amount (收支金额).
    #[must_use]
    pub fn amount(&self) -> BillAmount {
        self.amount
    }

    /// Returns the balance after the movement (账户结余).
    #[must_use]
    pub fn balance(&self) -> Option<BillAmount> {
        self.balance
    }

    fn direction(&self) -> &'a str {
        self.row.field(self.columns.direction).unwrap_or_default()
    }
}

impl FundFlowTotals {
    fn add(&mut self, row: &FundFlowRow<'_>) -> Result<(), BillFormatError> {
        self.count = self.count.saturating_add(1);
        let (count, sum) = match row.direction() {
            INCOME => (&mut self.income_count, &mut self.income),
            EXPENSE => (&mut self.expense_count, &mut self.expense),
            // An unknown direction counts as a row, but adds to no sum.
            _ => return Ok(()),
        };
        *count = count.saturating_add(1);
        *sum = sum
            .checked_add(row.amount)
            .ok_or_else(|| BillFormatError::new(row.line(), BillProblem::Overflow))?;
        Ok(())
    }
}

impl FundFlowBill {
    /// Returns the sums of the rows.
    #[must_use]
    pub fn totals(&self) -> &FundFlowTotals {
        &self.totals
    }

    /// Returns the summary row, unknown columns included.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }
}

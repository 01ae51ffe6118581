//! Trade bills (交易账单): one row per payment and per accepted refund.

use super::{
    BillAmount, BillFormatError, BillProblem, Row, RowReader, TradeBill, header::position,
    trade_totals::TradeTotals,
};
use crate::{
    api::transactions::{TradeState, TradeType},
    types::DateTime,
};

/// Reads a trade bill (`ALL`, `SUCCESS`, `REFUND`) and sums its rows.
///
/// See [the module](super) for an example.
#[derive(Debug, Default)]
pub struct TradeBillReader {
    rows: RowReader,
    columns: Option<Columns>,
    totals: TradeTotals,
}

impl TradeBillReader {
    /// Creates a reader at the beginning of a file.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next bytes and calls `each` for every complete row.
    ///
    /// Treat the rows as provisional until [`finish`](Self::finish) confirmed the totals and the digest of the file was
    /// verified.
    ///
    /// # Errors
    /// Returns an error if the file is not a trade bill, or the first error of `each`. Do not use the reader
    /// afterwards.
    pub fn feed<E: From<BillFormatError>>(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&TradeRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self {
            rows,
            columns,
            totals,
        } = self;
        rows.feed(bytes, |row| {
            let columns = match columns {
                Some(columns) => columns,
                None => columns.insert(Columns::find(row.header())?),
            };
            let amounts = columns.amounts(&row)?;
            let row = TradeRow {
                row,
                columns,
                amounts,
            };
            totals.add(&row)?;
            each(&row)
        })
    }

    /// Ends the file and compares the sums with the summary row.
    ///
    /// # Errors
    /// Returns an error for a truncated file or totals that differ.
    pub fn finish(self) -> Result<TradeBill, BillFormatError> {
        if self.columns.is_none() {
            let header: Vec<Box<str>> = self.rows.header().map(Into::into).collect();
            if !header.is_empty() {
                Columns::find(&header)?;
            }
        }
        TradeBill::checked(self.totals, self.rows.finish()?)
    }
}

/// A payment or a refund.
#[derive(Clone, Debug)]
pub struct TradeRow<'a> {
    row: Row<'a>,
    columns: &'a Columns,
    amounts: TradeAmounts,
}

/// Amounts of a row; `None` if the column is missing or empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TradeAmounts {
    /// Settled amount (应结订单金额; 总金额 in older bills); zero for a refund.
    ///
    /// The order less coupons that nobody funds.
    pub settlement: Option<BillAmount>,
    /// Coupons (代金券金额).
    pub coupon: Option<BillAmount>,
    /// Refunded part of the settled amount (退款金额).
    pub refund: Option<BillAmount>,
    /// Returned coupons (充值券退款金额).
    pub coupon_refund: Option<BillAmount>,
    /// WeChat Pay's fee with up to five decimals (手续费); negative when returned.
    pub fee: Option<BillAmount>,
    /// Order amount (订单金额), `amount.total` of the API; zero for a refund.
    pub order: Option<BillAmount>,
    /// Requested refund (申请退款金额), `amount.refund` of the API.
    pub requested_refund: Option<BillAmount>,
}

impl<'a> TradeRow<'a> {
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

    /// Returns the time of payment or of the accepted refund (交易时间).
    ///
    /// # Errors
    /// Returns an error if the column is missing or the time has another form.
    pub fn time(&self) -> Result<DateTime, BillFormatError> {
        let index = self
            .columns
            .time
            .ok_or_else(|| BillFormatError::at(self.line(), Column::TIME, BillProblem::MissingColumn))?;
        let text = self.row.field(index).unwrap_or_default();
        beijing_time(text).ok_or_else(|| self.row.error(index, BillProblem::Time))
    }

    /// Returns the calling merchant (商户号).
    #[must_use]
    pub fn mchid(&self) -> Option<&'a str> {
        self.optional(self.columns.mchid)
    }

    /// Returns the sub-merchant (特约商户号).
    #[must_use]
    pub fn sub_mchid(&self) -> Option<&'a str> {
        self.optional(self.columns.sub_mchid)
    }

    /// Returns WeChat Pay's transaction id (微信订单号); for a refund, the payment's.
    #[must_use]
    pub fn transaction_id(&self) -> &'a str {
        self.row.field(self.columns.transaction_id).unwrap_or_default()
    }

    /// Returns the merchant's order number (商户订单号); for a refund, the order's.
    #[must_use]
    pub fn out_trade_no(&self) -> &'a str {
        self.row.field(self.columns.out_trade_no).unwrap_or_default()
    }

    /// Payment scene (交易类型).
    #[must_use]
    pub fn trade_type(&self) -> Option<TradeType> {
        self.optional(self.columns.trade_type).map(TradeType::from)
    }

    /// Returns `SUCCESS` for a payment, `REFUND` for a refund, `REVOKED` for a reversal (交易状态).
    #[must_use]
    pub fn trade_state(&self) -> TradeState {
        self.row
            .field(self.columns.trade_state)
            .unwrap_or_default()
            .into()
    }

    /// Returns WeChat Pay's refund number (微信退款单号).
    #[must_use]
    pub fn refund_id(&self) -> Option<&'a str> {
        self.optional(self.columns.refund_id)
    }

    /// Returns the merchant's refund number (商户退款单号).
    #[must_use]
    pub fn out_refund_no(&self) -> Option<&'a str> {
        self.optional(self.columns.out_refund_no)
    }

    /// Returns the refund state when the bill was made (退款状态); never updated.
    #[must_use]
    pub fn refund_status(&self) -> Option<&'a str> {
        self.optional(self.columns.refund_status)
    }

    /// Returns true for a refund or a reversal.
    #[must_use]
    pub fn is_refund(&self) -> bool {
        matches!(self.trade_state(), TradeState::Refund | TradeState::Revoked)
    }

    /// Returns the amounts.
    #[must_use]
    pub fn amounts(&self) -> &TradeAmounts {
        &self.amounts
    }

    /// Returns a number; bills write nothing or a zero for a missing one.
    fn optional(&self, index: Option<usize>) -> Option<&'a str> {
        self.row.field(index?).filter(|text| !matches!(*text, "" | "0"))
    }
}

/// Column indexes of a bill.
#[derive(Clone, Debug)]
struct Columns {
    time: Option<usize>,
    mchid: Option<usize>,
    sub_mchid: Option<usize>,
    transaction_id: usize,
    out_trade_no: usize,
    trade_type: Option<usize>,
    trade_state: usize,
    refund_id: Option<usize>,
    out_refund_no: Option<usize>,
    refund_status: Option<usize>,
    amounts: [Option<usize>; 7],
}

/// Column names.
struct Column;

impl Column {
    const TIME: &'static str = "交易时间";
    const TRANSACTION_ID: &'static str = "微信订单号";
    const OUT_TRADE_NO: &'static str = "商户订单号";
    const TRADE_STATE: &'static str = "交易状态";
    /// Columns in the order of [`TradeAmounts`], each with its older names.
    const AMOUNTS: [&'static [&'static str]; 7] = [
        &["应结订单金额", "总金额"],
        &["代金券金额", "代金券或立减优惠金额", "企业红包金额"],
        &["退款金额"],
        &["充值券退款金额", "代金券或立减优惠退款金额", "企业红包退款金额"],
        &["手续费"],
        &["订单金额"],
        &["申请退款金额"],
    ];
}

impl Columns {
    fn find(header: &[Box<str>]) -> Result<Self, BillFormatError> {
        let find = |column| position(header, column);
        let need =
            |column| find(column).ok_or_else(|| BillFormatError::at(1, column, BillProblem::MissingColumn));
        Ok(Self {
            time: find(Column::TIME),
            mchid: find("商户号"),
            sub_mchid: find("特约商户号").or_else(|| find("子商户号")),
            transaction_id: need(Column::TRANSACTION_ID)?,
            out_trade_no: need(Column::OUT_TRADE_NO)?,
            trade_type: find("交易类型"),
            trade_state: need(Column::TRADE_STATE)?,
            refund_id: find("微信退款单号"),
            out_refund_no: find("商户退款单号"),
            refund_status: find("退款状态"),
            amounts: Column::AMOUNTS.map(|names| names.iter().find_map(|name| find(name))),
        })
    }

    fn amounts(&self, row: &Row<'_>) -> Result<TradeAmounts, BillFormatError> {
        let mut amounts = self.amounts.iter().map(|index| amount(row, *index));
        let mut next = || amounts.next().unwrap_or(Ok(None));
        Ok(TradeAmounts {
            settlement: next()?,
            coupon: next()?,
            refund: next()?,
            coupon_refund: next()?,
            fee: next()?,
            order: next()?,
            requested_refund: next()?,
        })
    }
}

/// Returns the amount in a column; `None` if it is missing or empty.
pub(super) fn amount(row: &Row<'_>, index: Option<usize>) -> Result<Option<BillAmount>, BillFormatError> {
    let Some((index, text)) = index.and_then(|index| Some((index, row.field(index)?))) else {
        return Ok(None);
    };
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| row.error(index, BillProblem::Amount))
}

impl TradeTotals {
    fn add(&mut self, row: &TradeRow<'_>) -> Result<(), BillFormatError> {
        let amounts = row.amounts();
        self.count = self.count.saturating_add(1);
        for (sum, more) in [
            (&mut self.settlement, amounts.settlement),
            (&mut self.refund, amounts.refund),
            (&mut self.coupon_refund, amounts.coupon_refund),
            (&mut self.fee, amounts.fee),
            (&mut self.order, amounts.order),
            (&mut self.requested_refund, amounts.requested_refund),
        ] {
            *sum = sum
                .checked_add(more.unwrap_or_default())
                .ok_or_else(|| BillFormatError::new(row.line(), BillProblem::Overflow))?;
        }
        Ok(())
    }
}

/// Parses `2024-01-31 12:34:56` as Beijing time.
pub(super) fn beijing_time(text: &str) -> Option<DateTime> {
    const LENGTH: usize = "2024-01-31 12:34:56".len();
    let has = |at, sign| text.get(at..).is_some_and(|rest| rest.starts_with(sign));
    let is_so = text.len() == LENGTH && has(10, ' ') && has(16, ':');
    text.parse().ok().filter(|_| is_so).and_then(DateTime::of_beijing)
}

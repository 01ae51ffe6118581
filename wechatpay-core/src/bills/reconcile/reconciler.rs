//! The reconciler.

use std::{collections::HashMap, num::NonZeroU32};

use super::{
    entry::{Entry, Part, PaymentNo, SubMchids, There},
    record::{Record, State, Subject},
    report::Report,
};
use crate::{
    api::transactions::TradeState,
    bills::{BillAmount, BillFormatError, BillProblem, TradeRow},
    types::Fen,
};

/// Default number of differences that a report lists; more are only counted.
const DEFAULT_NAMED: usize = 10_000;

/// Compares the rows of a trade bill with your own records.
///
/// See [the module](super) for an example.
#[derive(Debug)]
pub struct Reconciler {
    payments: HashMap<Box<str>, Entry>,
    refunds: HashMap<Box<str>, Entry>,
    sub_mchids: SubMchids,
    part: Option<(u32, NonZeroU32)>,
    named: usize,
}

impl Default for Reconciler {
    fn default() -> Self {
        Self::new()
    }
}

impl Reconciler {
    /// Creates an empty reconciler.
    #[must_use]
    pub fn new() -> Self {
        Self {
            payments: HashMap::new(),
            refunds: HashMap::new(),
            sub_mchids: SubMchids::default(),
            part: None,
            named: DEFAULT_NAMED,
        }
    }

    /// Restricts this pass to part `index` of `of`, counted from 0.
    ///
    /// Every number belongs to exactly one part. Feed each pass the whole bill and all records; it ignores the numbers
    /// of other parts.
    #[must_use]
    pub fn part(mut self, index: u32, of: NonZeroU32) -> Self {
        self.part = Some((index, of));
        self
    }

    /// Sets the number of listed differences; default 10 000.
    ///
    /// All differences are counted.
    #[must_use]
    pub fn named(mut self, differences: usize) -> Self {
        self.named = differences;
        self
    }

    /// Adds an order or refund of the shop.
    pub fn record(&mut self, record: Record) {
        if self.is_mine(&record.number) {
            self.entries(record.subject)
                .entry(record.number)
                .or_default()
                .add_here(record.amount, record.state);
        }
    }

    /// Adds a row of the bill.
    ///
    /// # Errors
    /// Returns an error for a row without a number, or whose amount is not a whole number of fen.
    pub fn row(&mut self, row: &TradeRow<'_>) -> Result<(), BillFormatError> {
        let (subject, number) = match (row.is_refund(), row.out_refund_no()) {
            (true, Some(number)) => (Subject::Refund, number),
            // A reversal may have no number of its own: the shop knows it by the payment's number.
            _ => (Subject::Payment, row.out_trade_no()),
        };
        if number.is_empty() {
            let column = if subject == Subject::Payment {
                "商户订单号"
            } else {
                "商户退款单号"
            };
            return Err(BillFormatError::at(
                row.line(),
                column,
                BillProblem::MissingColumn,
            ));
        }
        if !self.is_mine(number) {
            return Ok(());
        }
        let there = There {
            amount: amount(subject, row)?,
            state: state(subject, row),
            line: row.line(),
            times: 1,
            part: match subject {
                Subject::Payment if row.is_refund() => Part::Reversal,
                Subject::Payment | Subject::Refund => Part::Itself,
            },
            sub_mchid: self.sub_mchids.index(row.sub_mchid()),
            payment: PaymentNo::of(row.transaction_id()),
        };
        let entries = self.entries(subject);
        // Most rows have a record: only a new number is copied.
        if let Some(entry) = entries.get_mut(number) {
            entry.add_there(there);
        } else {
            let mut entry = Entry::default();
            entry.add_there(there);
            entries.insert(number.into(), entry);
        }
        Ok(())
    }

    /// Compares both sides and returns the report.
    ///
    /// Call this after the totals and the digest of the bill were verified.
    #[must_use]
    pub fn finish(self) -> Report {
        let mut report = Report::new(self.named);
        for (subject, entries) in [(Subject::Payment, self.payments), (Subject::Refund, self.refunds)] {
            // Sorted by number, so that two reports can be compared.
            let mut entries: Vec<_> = entries.into_iter().collect();
            entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
            for (number, entry) in entries {
                report.add(
                    subject,
                    entry.judge(subject, &number, &self.sub_mchids),
                    entry.matched(),
                );
            }
        }
        report
    }

    fn entries(&mut self, subject: Subject) -> &mut HashMap<Box<str>, Entry> {
        match subject {
            Subject::Payment => &mut self.payments,
            Subject::Refund => &mut self.refunds,
        }
    }

    fn is_mine(&self, number: &str) -> bool {
        self.part
            .is_none_or(|(index, of)| hash(number).checked_rem(of.get()) == Some(index))
    }
}

impl Extend<Record> for Reconciler {
    fn extend<I: IntoIterator<Item = Record>>(&mut self, records: I) {
        for record in records {
            self.record(record);
        }
    }
}

/// Returns `amount.total` or `amount.refund` of the API; settled amount in older bills.
fn amount(subject: Subject, row: &TradeRow<'_>) -> Result<Fen, BillFormatError> {
    let amounts = row.amounts();
    let refunded = amounts.requested_refund.or(amounts.refund);
    let (column, amount) = match subject {
        // A reversal may state the amount as a refund, and 0 for the order.
        Subject::Payment if row.is_refund() && refunded.is_some_and(|amount| amount != BillAmount::ZERO) => {
            ("申请退款金额", refunded)
        }
        Subject::Payment => ("订单金额", amounts.order.or(amounts.settlement)),
        Subject::Refund => ("申请退款金额", refunded),
    };
    amount
        .and_then(BillAmount::fen)
        .ok_or_else(|| BillFormatError::at(row.line(), column, BillProblem::Fen))
}

fn state(subject: Subject, row: &TradeRow<'_>) -> State {
    match (subject, row.trade_state()) {
        (Subject::Payment, TradeState::Success) => State::Done,
        (Subject::Payment, TradeState::Revoked) => State::NotDone,
        (Subject::Payment, _) => State::Unknown,
        (Subject::Refund, _) => match row.refund_status() {
            Some("SUCCESS") => State::Done,
            Some("PROCESSING") => State::Underway,
            Some("FAIL" | "CLOSED" | "ABNORMAL" | "CHANGE") => State::NotDone,
            _ => State::Unknown,
        },
    }
}

/// Hashes with FNV-1a: stable across processes and versions, so passes may run anywhere.
fn hash(number: &str) -> u32 {
    number.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

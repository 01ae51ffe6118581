//! Report of a reconciliation.

use std::fmt;

use serde::Serialize;

use super::record::Subject;
use crate::{
    bills::BillAmount,
    types::{Fen, Mchid, TransactionId},
};

/// Kind of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DifferenceKind {
    /// In the bill, but not in the shop.
    MissingHere,
    /// In the shop, but not in the bill.
    MissingThere,
    /// In both, with different amounts.
    AmountDiffers,
    /// In both, with contradicting states.
    StateDiffers,
    /// More than once in the shop.
    DuplicateHere,
    /// More than once in the bill.
    DuplicateThere,
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::MissingHere => "missing in the shop",
            Self::MissingThere => "missing in the bill",
            Self::AmountDiffers => "amount differs",
            Self::StateDiffers => "state differs",
            Self::DuplicateHere => "twice in the shop",
            Self::DuplicateThere => "twice in the bill",
        })
    }
}

/// One difference between shop and bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Kind of a difference.
    pub kind: DifferenceKind,
    /// Subject of the difference.
    pub subject: Subject,
    /// Shop's number.
    pub number: Box<str>,
    /// Shop's amount, in fen.
    pub here: Option<Fen>,
    /// Bill's amount, in fen.
    pub there: Option<Fen>,
    /// First line of the bill with this number.
    pub line: Option<u64>,
    /// Sub-merchant in the bill, in partner mode.
    pub sub_mchid: Option<Mchid>,
    /// WeChat Pay's number of the payment in the bill.
    pub transaction_id: Option<TransactionId>,
}

/// Counts of matches and differences; one number may differ in several ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tally {
    /// Numbers that match.
    pub matched: u64,
    /// Sum of the matching amounts.
    pub matched_amount: BillAmount,
    /// Numbers in the bill only.
    pub missing_here: u64,
    /// Numbers in the shop only.
    pub missing_there: u64,
    /// Numbers with different amounts.
    pub amount_differs: u64,
    /// Numbers with contradicting states.
    pub state_differs: u64,
    /// Numbers that occur more than once on one side.
    pub duplicates: u64,
}

/// Result of a reconciliation; `Display` prints a table, serde a machine-readable form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    payments: Tally,
    refunds: Tally,
    differences: Vec<Difference>,
    unnamed: u64,
    #[serde(skip)]
    named: usize,
}

impl Report {
    pub(super) fn new(named: usize) -> Self {
        Self {
            payments: Tally::default(),
            refunds: Tally::default(),
            differences: Vec::new(),
            unnamed: 0,
            named,
        }
    }

    pub(super) fn add(&mut self, subject: Subject, differences: Vec<Difference>, matched: Option<Fen>) {
        let tally = match subject {
            Subject::Payment => &mut self.payments,
            Subject::Refund => &mut self.refunds,
        };
        if differences.is_empty()
            && let Some(amount) = matched
        {
            tally.matched = tally.matched.saturating_add(1);
            tally.matched_amount = tally
                .matched_amount
                .checked_add(amount.into())
                .unwrap_or(tally.matched_amount);
        }
        for difference in differences {
            let count = match difference.kind {
                DifferenceKind::MissingHere => &mut tally.missing_here,
                DifferenceKind::MissingThere => &mut tally.missing_there,
                DifferenceKind::AmountDiffers => &mut tally.amount_differs,
                DifferenceKind::StateDiffers => &mut tally.state_differs,
                DifferenceKind::DuplicateHere | DifferenceKind::DuplicateThere => &mut tally.duplicates,
            };
            *count = count.saturating_add(1);
            if self.differences.len() < self.named {
                self.differences.push(difference);
            } else {
                self.unnamed = self.unnamed.saturating_add(1);
            }
        }
    }

    /// Returns the counts of payments.
    #[must_use]
    pub fn payments(&self) -> &Tally {
        &self.payments
    }

    /// Returns the counts of refunds.
    #[must_use]
    pub fn refunds(&self) -> &Tally {
        &self.refunds
    }

    /// Returns the differences: payments first, each sorted by number.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// Returns the number of differences beyond those that are listed.
    #[must_use]
    pub fn unnamed(&self) -> u64 {
        self.unnamed
    }

    /// Returns true if there are no differences.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty() && self.unnamed == 0
    }

    /// Adds the report of another part.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.payments = self.payments.plus(other.payments);
        self.refunds = self.refunds.plus(other.refunds);
        self.differences.extend(other.differences);
        self.differences
            .sort_by(|one, two| (one.subject, &one.number).cmp(&(two.subject, &two.number)));
        let more = self.differences.len().saturating_sub(self.named);
        self.differences.truncate(self.named);
        self.unnamed = self
            .unnamed
            .saturating_add(other.unnamed)
            .saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
        self
    }
}

impl Tally {
    fn plus(self, other: Self) -> Self {
        Self {
            matched: self.matched.saturating_add(other.matched),
            matched_amount: self
                .matched_amount
                .checked_add(other.matched_amount)
                .unwrap_or(self.matched_amount),
            missing_here: self.missing_here.saturating_add(other.missing_here),
            missing_there: self.missing_there.saturating_add(other.missing_there),
            amount_differs: self.amount_differs.saturating_add(other.amount_differs),
            state_differs: self.state_differs.saturating_add(other.state_differs),
            duplicates: self.duplicates.saturating_add(other.duplicates),
        }
    }
}

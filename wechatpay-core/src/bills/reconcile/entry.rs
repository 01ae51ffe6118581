//! Both sides of one number, held until the comparison.

use std::{
    collections::HashMap,
    num::{NonZeroU32, NonZeroU128},
};

use super::{
    record::{State, Subject},
    report::{Difference, DifferenceKind},
};
use crate::types::{Fen, Mchid, TransactionId};

/// Record and bill row of one number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    here: Option<Here>,
    there: Option<There>,
}

#[derive(Clone, Copy, Debug)]
struct Here {
    amount: Fen,
    state: State,
    times: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct There {
    pub(super) amount: Fen,
    pub(super) state: State,
    pub(super) line: u64,
    pub(super) times: u32,
    pub(super) part: Part,
    pub(super) sub_mchid: SubMchid,
    pub(super) payment: PaymentNo,
}

/// WeChat Pay's number of a payment, as an integer: a bill may have millions.
#[derive(Clone, Copy, Debug)]
pub(super) struct PaymentNo(Option<NonZeroU128>);

impl PaymentNo {
    /// Reads a number of digits only, as all are; nothing for any other.
    pub(super) fn of(text: &str) -> Self {
        let digits = text.parse().ok();
        Self(digits.filter(|_| !text.starts_with(['0', '+'])))
    }

    fn get(self) -> Option<TransactionId> {
        self.0?.to_string().parse().ok()
    }
}

/// Rows of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A payment or a refund.
    Itself,
    /// The reversal of a payment, a row of its own.
    Reversal,
    /// A payment and its reversal.
    Both,
}

/// Sub-merchant by its index: a bill names few of them in many rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SubMchid(Option<NonZeroU32>);

/// Sub-merchants of a bill.
#[derive(Debug, Default)]
pub(super) struct SubMchids {
    indexes: HashMap<Mchid, NonZeroU32>,
    all: Vec<Mchid>,
}

impl SubMchids {
    /// Returns the index of the sub-merchant of a row; nothing for a merchant's own order.
    pub(super) fn index(&mut self, text: Option<&str>) -> SubMchid {
        let Some(sub_mchid) = text.and_then(|text| text.parse::<Mchid>().ok()) else {
            return SubMchid(None);
        };
        if let Some(index) = self.indexes.get(&sub_mchid) {
            return SubMchid(Some(*index));
        }
        self.all.push(sub_mchid.clone());
        let index = u32::try_from(self.all.len()).ok().and_then(NonZeroU32::new);
        self.indexes.extend(index.map(|index| (sub_mchid, index)));
        SubMchid(index)
    }

    fn get(&self, index: SubMchid) -> Option<&Mchid> {
        let index = usize::try_from(index.0?.get()).ok()?;
        self.all.get(index.checked_sub(1)?)
    }
}

impl Entry {
    /// Adds a record; records after the first are duplicates.
    pub(super) fn add_here(&mut self, amount: Fen, state: State) {
        match &mut self.here {
            Some(here) => here.times = here.times.saturating_add(1),
            here @ None => {
                *here = Some(Here {
                    amount,
                    state,
                    times: 1,
                });
            }
        }
    }

    /// Adds a row; rows after the first are duplicates.
    ///
    /// A payment and its reversal are no duplicates: together they are a payment that was not done in the end.
    pub(super) fn add_there(&mut self, row: There) {
        match &mut self.there {
            Some(there) if there.part == Part::Itself && row.part == Part::Reversal => {
                (there.state, there.part) = (State::NotDone, Part::Both);
            }
            Some(there) if there.part == Part::Reversal && row.part == Part::Itself => {
                *there = There {
                    state: State::NotDone,
                    part: Part::Both,
                    ..row
                };
            }
            Some(there) => there.times = there.times.saturating_add(1),
            there @ None => *there = Some(row),
        }
    }

    /// Returns every difference of this number; empty if it matches.
    pub(super) fn judge(&self, subject: Subject, number: &str, sub_mchids: &SubMchids) -> Vec<Difference> {
        let mut kinds = Vec::new();
        match (&self.here, &self.there) {
            // Never paid, and correctly not in the bill.
            (Some(here), None) if subject == Subject::Payment && here.state == State::NotDone => {}
            // A failed refund may have been rejected at once; it is then in no bill.
            (Some(here), None) if here.state == State::NotDone => {}
            (Some(_), None) => kinds.push(DifferenceKind::MissingThere),
            (None, Some(_)) => kinds.push(DifferenceKind::MissingHere),
            (Some(here), Some(there)) => {
                if here.amount != there.amount {
                    kinds.push(DifferenceKind::AmountDiffers);
                }
                if contradict(here.state, there.state) {
                    kinds.push(DifferenceKind::StateDiffers);
                }
            }
            (None, None) => {}
        }
        if self.here.is_some_and(|here| here.times > 1) {
            kinds.push(DifferenceKind::DuplicateHere);
        }
        if self.there.is_some_and(|there| there.times > 1) {
            kinds.push(DifferenceKind::DuplicateThere);
        }
        kinds
            .into_iter()
            .map(|kind| Difference {
                kind,
                subject,
                number: number.into(),
                here: self.here.map(|here| here.amount),
                there: self.there.map(|there| there.amount),
                line: self.there.map(|there| there.line),
                sub_mchid: self
                    .there
                    .and_then(|there| sub_mchids.get(there.sub_mchid))
                    .cloned(),
                transaction_id: self.there.and_then(|there| there.payment.get()),
            })
            .collect()
    }

    /// Returns the matching amount, if both sides have the number.
    pub(super) fn matched(&self) -> Option<Fen> {
        self.here.and(self.there).map(|there| there.amount)
    }
}

/// Returns true if the states of shop and bill contradict each other.
///
/// The bill is a snapshot: a refund in progress when it was made may have ended either way since.
fn contradict(here: State, there: State) -> bool {
    match there {
        State::Done => matches!(here, State::NotDone | State::Underway),
        State::NotDone => matches!(here, State::Done),
        State::Underway | State::Unknown => false,
    }
}

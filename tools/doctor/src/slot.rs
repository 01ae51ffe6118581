//! Lines of a message, with other values that they may have had.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::{Finding, Part};

/// Pairs in which a variant is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// All pairs.
    Common,
    /// Pairs, after the common ones.
    Rare,
    /// No pairs.
    Alone,
}

/// Wrong value of one line.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) bytes: Vec<u8>,
    pub(super) findings: Vec<Finding>,
    pub(super) rank: Rank,
}

/// Line with its correct value and other candidates.
#[derive(Clone, Debug)]
pub(super) struct Slot<'a> {
    pub(super) part: Part,
    pub(super) right: &'a [u8],
    pub(super) variants: Vec<Variant>,
    /// Hashes of the values, so that none is tried twice.
    seen: HashSet<u64>,
    memory: usize,
}

impl<'a> Slot<'a> {
    pub(super) fn new(part: Part, right: &'a [u8]) -> Self {
        Self {
            part,
            right,
            variants: Vec::new(),
            seen: HashSet::from([hash(right)]),
            memory: usize::MAX,
        }
    }

    /// Limits the memory of its variants, in bytes.
    pub(super) fn within(mut self, memory: usize) -> Self {
        self.memory = memory;
        self
    }

    /// Returns `true` if no memory is left for one more variant.
    pub(super) fn is_full(&self) -> bool {
        self.memory == 0
    }

    /// Adds a variant, unless it is correct or already present.
    pub(super) fn add(&mut self, rank: Rank, finding: impl Into<Finding>, bytes: impl Into<Vec<u8>>) {
        self.add_all(rank, vec![finding.into()], bytes.into());
    }

    pub(super) fn add_all(&mut self, rank: Rank, findings: Vec<Finding>, bytes: Vec<u8>) {
        if !self.is_full() && self.seen.insert(hash(&bytes)) {
            self.memory = self.memory.saturating_sub(bytes.len());
            self.variants.push(Variant {
                bytes,
                findings,
                rank,
            });
        }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Part of a message with its line end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) part: Part,
    pub(super) bytes: Vec<u8>,
}

//! Search: hashes candidate messages and compares them with the recovered digest.
//!
//! A hit is a proof. The search makes no RSA operation. Candidates with a common prefix share its hash.

use sha2::{Digest as _, Sha256};

use super::{
    Finding,
    frame::Frame,
    slot::{Piece, Rank, Slot, Variant},
};

/// Limits on the cost of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Number of candidate messages that are hashed.
    pub candidates: usize,
    /// Number of bytes that are hashed.
    pub bytes: usize,
    /// Bytes of changed bodies that are kept in memory. More candidates are not tried.
    pub memory: usize,
    /// Number of times that a public key is applied to a signature.
    pub openings: usize,
    /// Longest body, in bytes, that is changed in every known way.
    ///
    /// Of a longer body only its form is examined.
    pub body: usize,
}

impl Limits {
    /// Limits for a person who waits.
    ///
    /// An optimised build tries all candidates (below 100 ms on a machine of 2026 for a body of 1 kB), a debug build 5
    /// 000.
    #[must_use]
    pub const fn interactive() -> Self {
        Self {
            candidates: if cfg!(debug_assertions) { 5_000 } else { 100_000 },
            bytes: 32 << 20,
            memory: 4 << 20,
            openings: 256,
            body: 4 << 20,
        }
    }

    /// Limits for a message of an unknown sender.
    ///
    /// About two milliseconds in an optimised build, whatever its length. Notifications have a few kilobytes.
    #[must_use]
    pub const fn frugal() -> Self {
        Self {
            candidates: 2_000,
            bytes: 2 << 20,
            memory: 1 << 20,
            openings: 32,
            body: 16 << 10,
        }
    }

    /// Sets the number of candidates.
    #[must_use]
    pub const fn candidates(mut self, candidates: usize) -> Self {
        self.candidates = candidates;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::interactive()
    }
}

/// All candidates.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid<'a> {
    pub(super) slots: Vec<Slot<'a>>,
    pub(super) frames: Vec<Frame>,
}

/// Candidate that was signed.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) findings: Vec<Finding>,
    pub(super) pieces: Vec<Piece>,
}

/// Result of a search.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) hit: Option<Hit>,
    pub(super) tried: usize,
    /// `true` if every candidate was tried.
    pub(super) is_complete: bool,
}

/// Returns the lines of `values`, each with its LF.
pub(super) fn pieces(grid: &Grid<'_>, values: &[&[u8]]) -> Vec<Piece> {
    let lines = grid.slots.iter().zip(values);
    lines
        .map(|(slot, value)| Piece {
            part: slot.part,
            bytes: [value, b"\n".as_slice()].concat(),
        })
        .collect()
}

/// Searches for the candidate whose digest `fits`.
pub(super) fn search(grid: &Grid<'_>, limits: Limits, fits: &dyn Fn(&[u8; 32]) -> bool) -> Outcome {
    let mut search = Search {
        grid,
        limits,
        fits,
        tried: 0,
        hashed: 0,
        exhausted: false,
    };
    let hit = search.run();
    Outcome {
        hit,
        tried: search.tried,
        is_complete: !search.exhausted,
    }
}

struct Search<'g> {
    grid: &'g Grid<'g>,
    limits: Limits,
    fits: &'g dyn Fn(&[u8; 32]) -> bool,
    tried: usize,
    hashed: usize,
    exhausted: bool,
}

impl<'g> Search<'g> {
    fn run(&mut self) -> Option<Hit> {
        const PAIRS: [(Rank, Rank); 4] = [
            (Rank::Common, Rank::Common),
            (Rank::Common, Rank::Rare),
            (Rank::Rare, Rank::Common),
            (Rank::Rare, Rank::Rare),
        ];
        let hit = self.right().or_else(|| self.singles());
        PAIRS.into_iter().fold(hit, |hit, ranks| {
            hit.or_else(|| self.frame_pairs(ranks))
                .or_else(|| self.slot_pairs(ranks))
        })
    }

    fn slots(&self) -> &'g [Slot<'g>] {
        &self.grid.slots
    }

    fn values(&self) -> Vec<&'g [u8]> {
        self.slots().iter().map(|slot| slot.right).collect()
    }

    fn right(&mut self) -> Option<Hit> {
        let state = feed_all(Sha256::new(), self.slots());
        self.check(state, self.length()).then(|| Hit {
            findings: Vec::new(),
            pieces: pieces(self.grid, &self.values()),
        })
    }

    fn length(&self) -> usize {
        self.slots().iter().fold(0, |sum, slot| {
            sum.saturating_add(slot.right.len()).saturating_add(1)
        })
    }

    /// Counts a candidate, finishes its hash and compares it.
    fn check(&mut self, state: Sha256, hashed: usize) -> bool {
        self.tried = self.tried.saturating_add(1);
        self.hashed = self.hashed.saturating_add(hashed);
        (self.fits)(&state.finalize().into())
    }

    fn may_go_on(&mut self) -> bool {
        let may = self.tried < self.limits.candidates && self.hashed < self.limits.bytes;
        self.exhausted |= !may;
        may
    }

    fn singles(&mut self) -> Option<Hit> {
        let grid = self.grid;
        let values = self.values();
        for rank in [Rank::Common, Rank::Rare, Rank::Alone] {
            for frame in grid.frames.iter().filter(|frame| frame.rank == rank) {
                if !self.may_go_on() {
                    return None;
                }
                if let Some(hit) = self.try_frame(frame, &values, &[]) {
                    return Some(hit);
                }
            }
            for (place, slot) in grid.slots.iter().enumerate() {
                let (before, after) = around(&grid.slots, place);
                let prefix = feed_all(Sha256::new(), before);
                for variant in slot.variants.iter().filter(|variant| variant.rank == rank) {
                    if !self.may_go_on() {
                        return None;
                    }
                    let state = feed_all(feed(prefix.clone(), &variant.bytes), after);
                    if self.check(state, behind(&[&variant.bytes], after)) {
                        return Some(self.hit(&[(place, variant)]));
                    }
                }
            }
        }
        None
    }

    fn frame_pairs(&mut self, (of_frame, of_slot): (Rank, Rank)) -> Option<Hit> {
        let grid = self.grid;
        for frame in grid
            .frames
            .iter()
            .filter(|frame| frame.rank == of_frame && frame.takes_lines())
        {
            for (place, slot) in grid.slots.iter().enumerate() {
                let mut values = self.values();
                for variant in slot.variants.iter().filter(|variant| variant.rank == of_slot) {
                    if !self.may_go_on() {
                        return None;
                    }
                    if let Some(value) = values.get_mut(place) {
                        *value = &variant.bytes;
                    }
                    if let Some(hit) = self.try_frame(frame, &values, &variant.findings) {
                        return Some(hit);
                    }
                }
            }
        }
        None
    }

    fn try_frame(&mut self, frame: &Frame, values: &[&[u8]], findings: &[Finding]) -> Option<Hit> {
        let pieces = frame.render(self.slots(), values);
        let mut state = Sha256::new();
        let mut length = 0_usize;
        for piece in &pieces {
            state.update(&piece.bytes);
            length = length.saturating_add(piece.bytes.len());
        }
        self.check(state, length).then(|| Hit {
            findings: [std::slice::from_ref(&frame.finding), findings].concat(),
            pieces,
        })
    }

    fn slot_pairs(&mut self, (of_first, of_second): (Rank, Rank)) -> Option<Hit> {
        let grid = self.grid;
        for (first_place, first_slot) in grid.slots.iter().enumerate() {
            let (before, after) = around(&grid.slots, first_place);
            let prefix = feed_all(Sha256::new(), before);
            for first in first_slot
                .variants
                .iter()
                .filter(|variant| variant.rank == of_first)
            {
                let mut state = feed(prefix.clone(), &first.bytes);
                for (offset, second_slot) in after.iter().enumerate() {
                    let (_, rest) = around(after, offset);
                    for second in second_slot
                        .variants
                        .iter()
                        .filter(|variant| variant.rank == of_second)
                    {
                        if !self.may_go_on() {
                            return None;
                        }
                        let state = feed_all(feed(state.clone(), &second.bytes), rest);
                        if self.check(state, behind(&[&second.bytes], rest)) {
                            let second_place = first_place.saturating_add(offset).saturating_add(1);
                            return Some(self.hit(&[(first_place, first), (second_place, second)]));
                        }
                    }
                    state = feed(state, second_slot.right);
                }
            }
        }
        None
    }

    fn hit(&self, changes: &[(usize, &Variant)]) -> Hit {
        let mut values = self.values();
        for (place, variant) in changes {
            if let Some(value) = values.get_mut(*place) {
                *value = &variant.bytes;
            }
        }
        Hit {
            findings: changes
                .iter()
                .flat_map(|(_, variant)| variant.findings.clone())
                .collect(),
            pieces: pieces(self.grid, &values),
        }
    }
}

fn feed(mut state: Sha256, line: &[u8]) -> Sha256 {
    state.update(line);
    state.update(b"\n");
    state
}

fn feed_all(state: Sha256, slots: &[Slot<'_>]) -> Sha256 {
    slots.iter().fold(state, |state, slot| feed(state, slot.right))
}

fn around<'s, 'a>(slots: &'s [Slot<'a>], place: usize) -> (&'s [Slot<'a>], &'s [Slot<'a>]) {
    let (before, rest) = slots.split_at_checked(place).unwrap_or((slots, &[]));
    (before, rest.split_first().map_or(&[], |(_, after)| after))
}

/// Returns the number of bytes hashed for one candidate after the shared prefix.
fn behind(lines: &[&[u8]], slots: &[Slot<'_>]) -> usize {
    let lines = lines.iter().copied().chain(slots.iter().map(|slot| slot.right));
    lines.fold(64, |sum, line| sum.saturating_add(line.len()))
}

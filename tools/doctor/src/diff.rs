//! Comparison of two messages, line by line.

use serde::Serialize;

use super::{Direction, Part, draw, slot::Piece};

/// Bytes that are shown before and after the first difference of a long line.
const BEFORE: usize = 40;
const BEHIND: usize = 80;

/// Line of two messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LineDiff {
    /// The part of the message.
    pub part: Part,
    /// Line number in the correct message, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Line number in the signed message, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_line: Option<usize>,
    /// `true` if both are equal.
    pub same: bool,
    /// The correct line around the first difference, drawn.
    ///
    /// `None` for a superfluous line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The signed line around the first difference, drawn.
    ///
    /// `None` for a missing line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// Number of bytes before the first difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
    /// Number of characters of `expected` and `signed` before the first difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
}

/// First byte that differs between two messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FirstDifference {
    /// Number of bytes before it.
    pub offset: usize,
    /// Byte of the correct message; `None` after its end.
    pub expected: Option<u8>,
    /// Byte of the signed message; `None` after its end.
    pub signed: Option<u8>,
}

pub(super) fn first_difference(expected: &[u8], signed: &[u8]) -> Option<FirstDifference> {
    let offset = shared(expected, signed);
    let (expected, signed) = (expected.get(offset).copied(), signed.get(offset).copied());
    (expected != signed).then_some(FirstDifference {
        offset,
        expected,
        signed,
    })
}

fn shared(left: &[u8], right: &[u8]) -> usize {
    left.iter()
        .zip(right)
        .take_while(|(left, right)| left == right)
        .count()
}

/// Compares two messages part by part.
///
/// A line of one message only has `None` on the other side.
pub(super) fn lines(direction: Direction, expected: &[Piece], signed: &[Piece]) -> Vec<LineDiff> {
    let mut used = vec![false; signed.len()];
    let mut lines: Vec<LineDiff> = expected
        .iter()
        .map(|right| {
            let other = signed.iter().enumerate().find(|(place, piece)| {
                piece.part == right.part && used.get(*place).is_some_and(|used| !used)
            });
            if let Some((place, _)) = other
                && let Some(used) = used.get_mut(place)
            {
                *used = true;
            }
            let signed_line = other.map(|(place, _)| place.saturating_add(1));
            let other = other.map(|(_, piece)| piece.bytes.as_slice());
            line(direction, right.part, Some(&right.bytes), other, signed_line)
        })
        .collect();
    for (place, piece) in signed.iter().enumerate() {
        if used.get(place).is_some_and(|used| !used) {
            let number = Some(place.saturating_add(1));
            lines.push(line(direction, piece.part, None, Some(&piece.bytes), number));
        }
    }
    lines
}

fn line(
    direction: Direction,
    part: Part,
    expected: Option<&[u8]>,
    signed: Option<&[u8]>,
    signed_line: Option<usize>,
) -> LineDiff {
    let same = expected == signed;
    let offset = match (expected, signed) {
        (Some(expected), Some(signed)) if !same => Some(shared(expected, signed)),
        _ => None,
    };
    let start = start(expected.or(signed).unwrap_or_default(), offset.unwrap_or(0));
    let show = |line: &[u8]| {
        let mut shown = if start > 0 {
            "…".to_owned()
        } else {
            String::new()
        };
        let rest = line.get(start..).unwrap_or_default();
        let end = boundary(rest, BEFORE.saturating_add(BEHIND));
        shown.push_str(&draw(rest.get(..end).unwrap_or(rest)));
        if rest.len() > end {
            shown.push('…');
        }
        shown
    };
    let column = offset.map(|offset| {
        let before = expected
            .unwrap_or_default()
            .get(start..offset)
            .unwrap_or_default();
        let ellipsis = usize::from(start > 0);
        draw(before).chars().count().saturating_add(ellipsis)
    });
    LineDiff {
        part,
        line: expected.and_then(|_| direction.line(part)),
        signed_line,
        same,
        expected: expected.map(show),
        signed: signed.map(show),
        offset,
        column,
    }
}

/// Returns the start of an excerpt that shows the difference.
fn start(line: &[u8], offset: usize) -> usize {
    boundary(line, offset.saturating_sub(BEFORE))
}

/// Returns the last character boundary up to `place`.
fn boundary(line: &[u8], place: usize) -> usize {
    let mut place = place;
    while place > 0 && line.get(place).is_some_and(|byte| byte & 0xC0 == 0x80) {
        place = place.saturating_sub(1);
    }
    place
}

//! Other bodies that may have been signed.

mod edit;
mod json;
mod style;

pub(super) use edit::{Edit, edits};
pub(super) use json::Node;
pub(super) use style::{Escapes, Spacing, Style};

use super::slot::Rank;

/// Same JSON value in another style.
pub(super) struct Rewritten {
    pub(super) text: String,
    pub(super) rank: Rank,
    /// Spacing of the received body and of the candidate.
    pub(super) spacing: Option<(Spacing, Spacing)>,
    pub(super) escapes: Option<(Escapes, Escapes)>,
    /// The keys are sorted, and were not before.
    pub(super) is_sorted: bool,
}

/// Returns other styles of `node`, whose text is `text`.
///
/// They are all styles, or as many of the usual ones as fit into `memory` bytes.
pub(super) fn rewritings(text: &str, node: &Node, memory: usize) -> impl Iterator<Item = Rewritten> {
    let sorted = node.sorted();
    let count = memory.checked_div(text.len()).unwrap_or_default();
    let written: Vec<(Style, String)> = Style::all()
        .into_iter()
        .take(count)
        .map(|style| (style, style.write(if style.sorted { &sorted } else { node })))
        .collect();
    // Style of the received text; an unknown style counts as plain.
    let base = written
        .iter()
        .find(|(_, written)| written == text)
        .map_or(Style::PLAIN, |(style, _)| *style);
    written.into_iter().map(move |(style, text)| {
        let spacing = (style.spacing != base.spacing).then_some((base.spacing, style.spacing));
        let escapes = (style.escapes != base.escapes).then_some((base.escapes, style.escapes));
        let is_sorted = style.sorted && !base.sorted;
        let is_python =
            style.spacing == Spacing::Python && style.escapes == Escapes::Unicode && !style.sorted;
        let changes = [spacing.is_some(), escapes.is_some(), is_sorted];
        let is_single = changes.into_iter().filter(|changed| *changed).count() <= 1;
        let is_usual = !matches!(
            style.spacing,
            Spacing::Commas | Spacing::Colons | Spacing::TwoReturns
        );
        Rewritten {
            text,
            rank: if is_python || (is_single && is_usual) {
                Rank::Common
            } else {
                Rank::Rare
            },
            spacing,
            escapes,
            is_sorted,
        }
    })
}

//! Column names.

/// Returns the index of a column; full-width and ASCII brackets are equal.
pub(super) fn position(header: &[Box<str>], column: &str) -> Option<usize> {
    let exact = header.iter().position(|name| **name == *column);
    if exact.is_some() || !column.contains(['(', '（']) {
        return exact;
    }
    let narrow = |text: &str| text.replace('（', "(").replace('）', ")");
    let column = narrow(column);
    header.iter().position(|name| narrow(name) == column)
}

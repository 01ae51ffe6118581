//! Kinds of records, a file for each.

pub(crate) mod transfer;

use super::{machine::Machine, state::RecordKind};

/// The machine of a kind.
pub(crate) const fn machine(kind: RecordKind) -> &'static Machine {
    match kind {
        RecordKind::Transfer => &transfer::MACHINE,
    }
}

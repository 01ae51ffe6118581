//! Kinds of records, a file for each.

pub(crate) mod transfer;
pub(crate) mod transfer_authorization;

use super::{machine::Machine, state::RecordKind};

/// The machine of a kind.
pub(crate) const fn machine(kind: RecordKind) -> &'static Machine {
    match kind {
        // They differ in who pays, and in nothing else.
        RecordKind::Transfer | RecordKind::EcommerceTransfer => &transfer::MACHINE,
        RecordKind::EcommerceTransferAuthorization => &transfer_authorization::MACHINE,
    }
}

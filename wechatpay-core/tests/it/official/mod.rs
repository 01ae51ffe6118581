//! Tables of the official pages: every listed member is read or sent.
//!
//! `cargo test … --test it official -- --nocapture` prints the counts.

mod echoes;
#[cfg(feature = "all-families")]
mod events;
mod notifications;
mod platform;
mod requests;
mod responses;

use crate::support::table::Operation;

/// Returns the operations of the families that are always compiled.
fn operations() -> Vec<Operation> {
    let families = [
        include_str!("../../data/pages/applyments.json"),
        include_str!("../../data/pages/bills.json"),
        include_str!("../../data/pages/certificates.json"),
        include_str!("../../data/pages/combine.json"),
        include_str!("../../data/pages/funds.json"),
        include_str!("../../data/pages/media.json"),
        include_str!("../../data/pages/prepay.json"),
        include_str!("../../data/pages/profit-sharing.json"),
        include_str!("../../data/pages/refunds.json"),
        include_str!("../../data/pages/security.json"),
        include_str!("../../data/pages/settlement.json"),
        include_str!("../../data/pages/subsidies.json"),
        include_str!("../../data/pages/transactions.json"),
    ];
    families
        .into_iter()
        .flat_map(crate::support::table::operations)
        .collect()
}

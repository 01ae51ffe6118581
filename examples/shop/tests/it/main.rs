//! The rules of the shop, against a gateway that signs.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails where it breaks"
)]

mod notifications;
mod orders;
mod page;
mod refunds;
mod stores;
mod support;

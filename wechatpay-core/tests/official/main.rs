//! The tables of the official pages: what they list is read, sent and taken. `cargo test … --test official -- --nocapture`
//! prints the numbers.
#![cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a table that cannot be read fails the suite loudly"
)]

#[path = "../support/json.rs"]
mod json;
mod notifications;
mod platform;
mod requests;
mod responses;
mod table;

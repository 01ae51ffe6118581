//! Suites of this crate as one program, which saves link time.
//!
//! A test that needs its own process starts this program again with its own name (`support/child.rs`).
#![recursion_limit = "256"]
#![cfg_attr(
    any(feature = "aws-lc-rs", feature = "rust-crypto"),
    expect(
        clippy::indexing_slicing,
        reason = "a suite whose rig cannot be built fails loudly"
    )
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a suite whose rig cannot be built fails loudly"
)]

mod api;
mod bills;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod config;
#[cfg(feature = "test-util")]
mod idempotency;
mod imports;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod keys;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod lenient;
#[cfg(all(
    target_os = "linux",
    feature = "test-util",
    any(feature = "aws-lc-rs", feature = "rust-crypto")
))]
mod memory;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod models;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod notify;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod official;
#[cfg(feature = "all-families")]
mod pages;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod provider;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod redaction;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod sign;
mod support;
#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
mod vectors;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod verify;
#[cfg(all(feature = "test-util", any(feature = "aws-lc-rs", feature = "rust-crypto")))]
mod wycheproof;

//! The sandbox as its users see it: over HTTP, and by its handle.
//!
//! One program, so that it links once.
#![cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a rig that cannot be built fails the suite loudly"
)]

mod admin;
mod bills;
#[cfg(all(unix, feature = "cli"))]
mod binary;
mod cashier;
mod certificates;
mod clock;
mod combine;
#[cfg(all(unix, feature = "cli"))]
mod config;
mod craft;
mod dashboard;
mod embedding;
mod faults;
mod fields;
mod files;
mod funds;
mod handle;
mod invoke;
mod languages;
mod merchant_changes;
mod merchants;
mod notifications;
mod onboarding;
mod orders;
mod reconcile;
mod refunds;
mod rejections;
mod sharing;
mod sign_lab;
mod snapshot;
mod stubs;
mod support;
mod typed;
mod wire;

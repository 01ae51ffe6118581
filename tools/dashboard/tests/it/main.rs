//! Cashier, dashboard and admin API as their users see them: over HTTP.
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
mod cashier;
mod craft;
mod embedding;
mod invoke;
mod languages;
mod links;
mod login;
mod merchant_changes;
mod merchants;
mod pages;
mod reconcile;
mod sign_lab;
mod snapshots;
mod stubs;

use wechatpay_sandbox::{Sandbox, SandboxBuilder};
use wechatpay_sandbox_testing as support;

/// A sandbox with its pages.
fn builder() -> SandboxBuilder {
    Sandbox::builder().pages(wechatpay_dashboard::pages)
}

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

mod abnormal_funds;
mod authorizations;
mod bills;
mod capital;
mod certificates;
mod clock;
mod closings;
mod code_pay;
mod combine;
mod complaints;
mod coupons;
mod deductions;
mod deposits;
mod ecommerce_transfers;
mod embedding;
mod faults;
mod fields;
mod files;
mod funds;
mod handle;
mod imports;
mod limitations;
mod notifications;
mod onboarding;
mod orders;
mod partner_onboarding;
mod payscore;
mod personal_receivers;
mod receipts;
mod recharges;
mod refunds;
mod rejections;
mod sharing;
mod snapshot;
mod sub_merchants;
mod transfers;
mod typed;
mod violations;
mod wire;

use wechatpay_sandbox_testing as support;

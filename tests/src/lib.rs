//! Common parts of this package's suites.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail loudly"
)]

pub mod deliveries;
pub mod raw;
pub mod sandboxes;
pub mod shops;
pub mod soak;
pub mod tools;

/// The code of the README, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The code of the README of wechatpay-axum.
#[cfg(doctest)]
#[doc = include_str!("../../wechatpay-axum/README.md")]
pub struct ReadmeAxum;

/// The code of the README of wechatpay-actix.
#[cfg(doctest)]
#[doc = include_str!("../../wechatpay-actix/README.md")]
pub struct ReadmeActix;

/// The code of the README of wechatpay-rocket.
#[cfg(doctest)]
#[doc = include_str!("../../wechatpay-rocket/README.md")]
pub struct ReadmeRocket;

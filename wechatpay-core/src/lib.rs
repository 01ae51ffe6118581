#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Amounts, lengths and attacker-chosen times are computed here: nothing may wrap, panic or be truncated silently.
#![warn(clippy::arithmetic_side_effects, clippy::as_conversions)]

// The derives name this crate as its users do.
extern crate self as wechatpay_core;

pub mod api;
pub mod backoff;
mod base64;
pub mod bills;
mod clock;
mod completed;
mod config;
pub mod crypto;
mod directory;
mod host;
pub mod idempotency;
mod json;
pub mod keys;
pub mod notify;
mod panics;
mod printable;
mod recent;
pub mod sign;
#[cfg(feature = "test-util")]
pub mod testing;
pub mod types;
pub mod verify;
pub mod watch;

pub use clock::Clock;
pub(crate) use completed::polled_after_completion;
pub use config::{Config, ConfigError, ConfigProblem, ConfigProblems, DirectIds, PartnerIds, Settings};
pub use directory::Directory;
pub use host::is_loopback;
pub use sign::NonceSource;

/// Error of a part that the user provides.
///
/// For example a remote signer, a certificate source or a transport.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Items that the derives of `wechatpay-macros` write; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use http::Method;
    pub use serde;

    pub use crate::{
        api::echo::{may_repeat, repeats},
        types::response_field::{Read, from_text, null_is_default},
    };
}

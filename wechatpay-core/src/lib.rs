#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Here amounts, lengths and attacker-chosen times are computed with: nothing may wrap, panic or be cut off silently.
#![warn(clippy::arithmetic_side_effects, clippy::as_conversions)]

pub mod api;
pub mod backoff;
mod base64;
pub mod bills;
mod clock;
mod completed;
mod config;
pub mod crypto;
mod directory;
mod error;
mod host;
pub mod idempotency;
mod json;
pub mod keys;
mod macros;
pub mod notify;
mod panics;
mod printable;
mod recent;
pub mod sign;
#[cfg(feature = "test-util")]
pub mod testing;
pub mod types;
pub mod verify;

pub use clock::Clock;
pub(crate) use completed::polled_after_completion;
pub use config::{Config, ConfigError, ConfigProblem, ConfigProblems, PartnerIds, Settings};
pub use directory::Directory;
pub use error::BoxError;
pub use host::is_loopback;
pub use sign::NonceSource;

#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod api;
mod base64;
mod clock;
mod config;
pub mod crypto;
pub mod dedup;
mod error;
pub mod keys;
mod macros;
mod nonce;
pub mod notify;
pub mod sign;
#[cfg(feature = "test-util")]
pub mod testing;
pub mod types;
pub mod verify;

pub use clock::Clock;
pub use config::{Config, ConfigError, ConfigProblem, ConfigProblems, Settings};
pub use error::BoxError;
pub use nonce::NonceSource;

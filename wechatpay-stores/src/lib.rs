#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod problem;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "test-util")]
pub mod testing;
#[cfg(any(feature = "postgres", feature = "redis"))]
mod time;

#[cfg(feature = "postgres")]
pub use postgres::{Inbox, PostgresStore};
#[cfg(feature = "redis")]
pub use redis::RedisStore;

// The examples of the README use both features.
#![cfg_attr(all(feature = "postgres", feature = "redis"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "postgres", feature = "redis")),
    doc = "Idempotency for WeChat Pay notifications: leases in Redis and PostgreSQL, transactions, and an inbox."
)]
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

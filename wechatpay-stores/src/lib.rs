// The examples of the README use these features.
#![cfg_attr(all(feature = "postgres", feature = "redis", feature = "sqlite"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "postgres", feature = "redis", feature = "sqlite")),
    doc = "Idempotency for WeChat Pay notifications: leases in Redis and SQL, transactions, and an inbox."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "sql", feature = "redis"))]
mod problem;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(feature = "sql")]
mod sql;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "test-util")]
pub mod testing;
#[cfg(any(feature = "sql", feature = "redis"))]
mod time;

#[cfg(feature = "mysql")]
pub use mysql::MySqlStore;
#[cfg(feature = "postgres")]
pub use postgres::{Inbox, PostgresStore};
#[cfg(feature = "redis")]
pub use redis::RedisStore;
#[cfg(feature = "sql")]
pub use sql::{SqlStore, inbox::SqlInbox};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

//! Idempotency in MySQL and MariaDB: leases, transactions and an inbox (feature `mysql`).
//!
//! The statements are those that MySQL 8, MariaDB 10.6 and databases that speak their protocol have in common, for
//! instance TiDB and OceanBase. Only MariaDB is part of the tests.
//!
//! | | API | effects of the handler |
//! |---|---|---|
//! | lease | [`MySqlStore`] with [`handle`](wechatpay_core::idempotency::handle) | at least once |
//! | transaction | [`MySqlStore::transactional`](crate::SqlStore::transactional) | exactly once, inside the transaction |
//! | inbox | [`Inbox`] | at least once, or exactly once inside the transaction |
//!
//! A transaction of a handler has the isolation level `READ COMMITTED`. The server's clock (`UTC_TIMESTAMP`) decides
//! when a lease ends. The tables have a prefix and are in the database of the pool's connections.
//!
//! A `COMMIT` by the handler cannot be prevented, as it is in PostgreSQL. It is reported as an error, also if it was
//! implicit, as that of a `CREATE TABLE`. The notification stays leased until the deadline and is handled again then.
//!
//! The server must have `innodb_flush_log_at_trx_commit = 1`; [`health`](wechatpay_core::idempotency::IdempotencyStore)
//! warns otherwise.

mod dialect;

use std::sync::Arc;

use sqlx::MySql;

pub use crate::sql::{
    InvalidName, Migration, PurgeTask,
    inbox::{Accepted, DeadLetter, InTransaction, InboxCounts, InboxOptions, ReadError, StoredNotification},
};
use crate::sql::{SqlStore, inbox, name::Name};

/// Inbox in MySQL or MariaDB.
pub type Inbox = inbox::SqlInbox<MySql>;

/// Idempotency store in MySQL or MariaDB. Cheap to clone.
pub type MySqlStore = SqlStore<MySql>;

impl SqlStore<MySql> {
    /// Sets the prefix of the tables, for instance for several deployments in one database.
    ///
    /// The default is `wechatpay`, as in `wechatpay_leases`.
    ///
    /// # Errors
    /// Returns an error unless the prefix is a letter or `_` followed by at most 39 lower-case letters, digits and `_`.
    pub fn prefix(mut self, prefix: &str) -> Result<Self, InvalidName> {
        self.name = Arc::new(Name::prefix(prefix)?);
        Ok(self)
    }
}

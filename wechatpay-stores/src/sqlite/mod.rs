//! Idempotency in SQLite: leases, transactions and an inbox on one machine (feature `sqlite`).
//!
//! | | API | effects of the handler |
//! |---|---|---|
//! | lease | [`SqliteStore`] with [`handle`](wechatpay_core::idempotency::handle) | at least once |
//! | transaction | [`SqliteStore::transactional`](crate::SqlStore::transactional) | exactly once, inside the transaction |
//! | inbox | [`Inbox`] | at least once, or exactly once inside the transaction |
//!
//! [`migrate`](crate::SqlStore::migrate) switches the database to write-ahead logging (`journal_mode = WAL`), and each
//! operation sets `synchronous = FULL` for its connection, so a commit survives the loss of power.
//!
//! SQLite has one writer at a time. The transaction of a handler begins with `BEGIN IMMEDIATE` and is that writer, so
//! handlers in transactions run one after the other. Those of one process wait without a connection; between processes
//! the `busy_timeout` of the connections applies. Keep such handlers short.
//!
//! A `COMMIT` by the handler cannot be prevented. It is reported as an error, and the notification is handled again
//! when its lease ends.

mod dialect;

use std::sync::Arc;

use sqlx::Sqlite;

pub use crate::sql::{
    InvalidName, Migration, PurgeTask,
    inbox::{Accepted, DeadLetter, InTransaction, InboxCounts, InboxOptions, ReadError, StoredNotification},
};
use crate::sql::{SqlStore, inbox, name::Name};

/// Inbox in SQLite.
pub type Inbox = inbox::SqlInbox<Sqlite>;

/// Idempotency store in SQLite. Cheap to clone.
pub type SqliteStore = SqlStore<Sqlite>;

impl SqlStore<Sqlite> {
    /// Sets the prefix of the tables, for instance for several deployments in one file.
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

//! Idempotency in PostgreSQL: leases, transactions and an inbox (feature `postgres`).
//!
//! There are three ways to handle a notification once. All of them use the pool of the application:
//!
//! | | API | effects of the handler | the platform waits for |
//! |---|---|---|---|
//! | lease | [`PostgresStore`] with [`handle`](wechatpay_core::idempotency::handle) | at least once | the handler |
//! | transaction | [`PostgresStore::transactional`] | exactly once, inside the transaction | the handler |
//! | inbox | [`Inbox`] | at least once, or exactly once inside the transaction | an insert |
//!
//! Use one of them for each receiver: a lease and the inbox do not exclude each other.
//!
//! Call [`migrate`](PostgresStore::migrate) at the start, or run [`migrations`](PostgresStore::migrations) yourself.
//! PostgreSQL 12 or newer is required. The store works behind a pooler in transaction mode: no statement needs to stay
//! prepared, and no setting and no lock outlives its transaction. Your handler's own queries must be sent with
//! `.persistent(false)` behind such a pooler.

mod dialect;
mod health;
mod literal;
mod transaction;

use std::sync::Arc;

use sqlx::Postgres;

pub use crate::sql::{
    InvalidName, Migration, PurgeTask,
    inbox::{Accepted, DeadLetter, InTransaction, InboxCounts, InboxOptions, ReadError, StoredNotification},
};
use crate::sql::{SqlStore, inbox, name::Name};

/// Inbox in PostgreSQL.
pub type Inbox = inbox::SqlInbox<Postgres>;

/// Idempotency store in PostgreSQL. Cheap to clone.
///
/// Each operation is one statement that commits by itself. It is durable when it returns, even if the session has
/// `synchronous_commit` off, because the statements switch it on for themselves.
pub type PostgresStore = SqlStore<Postgres>;

impl SqlStore<Postgres> {
    /// Sets the schema of the tables, for instance for several deployments in one database.
    ///
    /// The default is `wechatpay`.
    ///
    /// # Errors
    /// Returns an error unless the name is a letter or `_` followed by at most 62 lower-case letters, digits and `_`,
    /// or if PostgreSQL reserves it.
    pub fn schema(mut self, name: &str) -> Result<Self, InvalidName> {
        self.name = Arc::new(Name::schema(name)?);
        Ok(self)
    }
}

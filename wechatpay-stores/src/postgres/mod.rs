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

mod error;
mod health;
mod inbox;
mod leases;
mod literal;
mod migrations;
mod schema;
mod transactional;

use std::{fmt, sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, PgPool, postgres::PgRow};
use wechatpay_core::idempotency::StoreError;

use self::{
    error::{CONFLICT_TRIES, is_conflict, store_error},
    schema::Schema,
};
pub use self::{
    inbox::{
        Accepted, DeadLetter, InTransaction, Inbox, InboxCounts, InboxOptions, ReadError, StoredNotification,
    },
    migrations::Migration,
    schema::InvalidSchema,
};

/// Default timeout: two operations and the handler fit into the platform's five seconds.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);

/// Idempotency store in PostgreSQL. Cheap to clone.
///
/// Each operation is one statement that commits by itself. It is durable when it returns, even if the session has
/// `synchronous_commit` off, because the statements switch it on for themselves.
///
/// # Cancel safety
/// Dropping the future of an operation leaves the old or the new state. The connection returns to the pool, which
/// waits until the server has finished the statement.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    schema: Arc<Schema>,
    timeout: Duration,
}

impl PostgresStore {
    /// Creates a store over the application's pool, in the schema `wechatpay`.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            schema: Arc::default(),
            timeout: DEFAULT_TIMEOUT,
        }
    }

    /// Sets the schema of the tables, for instance for several deployments in one database.
    ///
    /// # Errors
    /// Returns an error unless the name is a letter or `_` followed by at most 62 lower-case letters, digits and `_`,
    /// or if PostgreSQL reserves it.
    pub fn schema(mut self, name: &str) -> Result<Self, InvalidSchema> {
        self.schema = Arc::new(Schema::parse(name)?);
        Ok(self)
    }

    /// Sets the timeout of an operation. Default: 1 s.
    ///
    /// It includes the wait for a connection. After it the operation fails with [`StoreError::Unavailable`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Creates the tables or updates them to the current version.
    ///
    /// It does nothing if they are current. Processes that call it at the same time take turns.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond, and [`StoreError::Refused`] if the role lacks the
    /// privilege. Nothing was changed then.
    ///
    /// # Cancel safety
    /// The migration is one transaction.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrations::migrate(&self.pool, &self.schema).await
    }

    /// Returns the SQL of [`migrate`](Self::migrate).
    ///
    /// It is for running migrations with a different role or an external tool.
    #[must_use]
    pub fn migrations(&self) -> Vec<Migration> {
        migrations::migrations(&self.schema)
    }

    /// Returns the inbox in the same schema.
    #[must_use]
    pub fn inbox(&self) -> Inbox {
        Inbox::new(self)
    }

    /// Runs one statement that commits by itself and returns its first row.
    async fn row(&self, sql: String) -> Result<Option<PgRow>, StoreError> {
        self.try_row(sql).await.map_err(store_error)
    }

    /// Does the same, for a statement whose error may be an answer.
    async fn try_row(&self, sql: String) -> Result<Option<PgRow>, sqlx::Error> {
        Ok(self.try_rows(sql).await?.into_iter().next())
    }

    /// Runs one statement that commits by itself and returns its rows.
    ///
    /// A statement that lost a conflict changed nothing and is sent again.
    async fn rows(&self, sql: String) -> Result<Vec<PgRow>, StoreError> {
        self.try_rows(sql).await.map_err(store_error)
    }

    async fn try_rows(&self, sql: String) -> Result<Vec<PgRow>, sqlx::Error> {
        let sql: Arc<str> = sql.into();
        let attempt = async {
            let mut tries = CONFLICT_TRIES;
            loop {
                tries = tries.saturating_sub(1);
                // `literal` writes all values in it, and `Schema` the name of the schema.
                let query = sqlx::raw_sql(AssertSqlSafe(Arc::clone(&sql)));
                match query.fetch_all(&self.pool).await {
                    Err(error) if tries > 0 && is_conflict(&error) => {}
                    response => return response,
                }
            }
        };
        match tokio::time::timeout(self.timeout, attempt).await {
            Ok(response) => response,
            Err(late) => Err(sqlx::Error::Io(late.into())),
        }
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("schema", &self.schema.as_str())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

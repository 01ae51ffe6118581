//! Claims in PostgreSQL, handlers in the claim's transaction, and the inbox (feature `postgres`).
//!
//! Three ways to handle a notification once, over the pool that the application has:
//!
//! | | what | effects of the handler | the platform waits for |
//! |---|---|---|---|
//! | claims | [`PostgresStore`] with [`handle`](wechatpay_core::idempotency::handle) | at least once | the handler |
//! | transaction | [`PostgresStore::transactional`] | exactly once, inside the transaction | the handler |
//! | inbox | [`Inbox`] | at least once, or exactly once inside the transaction | an insert |
//!
//! Use one of them for a receiver: a claim and the inbox do not know of each other.
//!
//! Call [`migrate`](PostgresStore::migrate) at the start, or run [`migrations`](PostgresStore::migrations) yourself. Needs
//! PostgreSQL 12 or newer. Works behind a pooler in transaction mode: no statement is expected to stay prepared, no setting
//! and no lock outlives its transaction. What your handlers do on the connection has to care for that itself: give each query
//! `.persistent(false)`.

mod claims;
mod error;
mod health;
mod inbox;
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

/// Two of them fit into the time that the platform waits, and the handler too.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);

/// Claims in PostgreSQL. Cheap to clone.
///
/// An operation is one statement that commits by itself. It is durable when it returns, also where `synchronous_commit` is
/// off: what claims and completes switches it on for itself.
///
/// # Cancel safety
/// Dropping the future of an operation leaves the old or the new state. The connection is given back to the pool, which
/// waits until the server has finished with the statement.
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    schema: Arc<Schema>,
    timeout: Duration,
}

impl PostgresStore {
    /// Takes the pool of the application; tables are in the schema `wechatpay`.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            schema: Arc::default(),
            timeout: DEFAULT_TIMEOUT,
        }
    }

    /// Keeps the tables in another schema, several deployments in one database for instance.
    ///
    /// # Errors
    /// A name that is not a letter or `_` followed by at most 62 lower-case letters, digits and `_`, or that PostgreSQL
    /// keeps for itself.
    pub fn schema(mut self, name: &str) -> Result<Self, InvalidSchema> {
        self.schema = Arc::new(Schema::parse(name)?);
        Ok(self)
    }

    /// How long an operation may take, waiting for a connection included, before it is [`StoreError::Unavailable`];
    /// default 1 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Makes the tables, or brings them up to date. Does nothing when they are; processes that do it at once take turns.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: the server does not respond. [`StoreError::Refused`]: the role may not do it. Nothing was
    /// changed then.
    ///
    /// # Cancel safety
    /// All of it is one transaction.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrations::migrate(&self.pool, &self.schema).await
    }

    /// Returns the SQL of [`migrate`](Self::migrate), for running migrations with a different role or an external tool.
    #[must_use]
    pub fn migrations(&self) -> Vec<Migration> {
        migrations::migrations(&self.schema)
    }

    /// The inbox in the same schema.
    #[must_use]
    pub fn inbox(&self) -> Inbox {
        Inbox::new(self)
    }

    /// Runs one statement that commits by itself and gives back its first row.
    async fn row(&self, sql: String) -> Result<Option<PgRow>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// Runs one statement that commits by itself. Sent again when it lost a conflict, of which nothing is kept.
    async fn rows(&self, sql: String) -> Result<Vec<PgRow>, StoreError> {
        let sql: Arc<str> = sql.into();
        let attempt = async {
            let mut tries = CONFLICT_TRIES;
            loop {
                tries = tries.saturating_sub(1);
                // All values in it are written by `literal`, the schema's name by `Schema`.
                let query = sqlx::raw_sql(AssertSqlSafe(Arc::clone(&sql)));
                match query.fetch_all(&self.pool).await {
                    Err(error) if tries > 0 && is_conflict(&error) => {}
                    response => return response,
                }
            }
        };
        match tokio::time::timeout(self.timeout, attempt).await {
            Ok(response) => response.map_err(store_error),
            Err(late) => Err(StoreError::unavailable(late)),
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

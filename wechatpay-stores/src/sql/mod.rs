//! One algorithm over all SQL databases.
//!
//! A [`Dialect`] writes its statements and reads its errors; `postgres`, `mysql` and `sqlite` hold nothing else.

pub(crate) mod dialect;
pub(crate) mod error;
pub(crate) mod inbox;
pub(crate) mod leases;
mod migrations;
pub(crate) mod name;
mod pending;
mod purge;
pub(crate) mod transactional;

use std::{fmt, sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, Connection as _, Pool, SqlSafeStr as _, Transaction, pool::PoolConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wechatpay_core::idempotency::{StoreError, StoreHealth};

use self::{
    dialect::{Dialect, Fault, Running},
    error::{fault, store_error, tables_are_missing},
    name::Name,
};
pub use self::{migrations::Migration, name::InvalidName, purge::PurgeTask};

/// Default timeout: two operations and the handler fit into the platform's five seconds.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(1);
/// Number of times a statement is sent that loses a conflict.
///
/// A statement that loses a conflict changed nothing.
pub(crate) const CONFLICT_TRIES: u32 = 3;

/// Idempotency store in a SQL database. Cheap to clone.
///
/// Each operation commits by itself and is durable when it returns.
///
/// # Cancel safety
/// Dropping the future of an operation leaves the old or the new state. The connection returns to the pool, which
/// waits until the server has finished the statement.
pub struct SqlStore<D: Dialect> {
    pub(crate) pool: Pool<D>,
    pub(crate) name: Arc<Name>,
    pub(crate) timeout: Duration,
    /// Admits one transaction at a time where the database has one writer.
    ///
    /// The others wait without a connection.
    gate: Arc<Semaphore>,
}

impl<D: Dialect> SqlStore<D> {
    /// Creates a store over the application's pool, with the name `wechatpay`.
    #[must_use]
    pub fn new(pool: Pool<D>) -> Self {
        Self {
            pool,
            name: Arc::default(),
            timeout: DEFAULT_TIMEOUT,
            gate: Arc::new(Semaphore::new(if D::ONE_WRITER {
                1
            } else {
                Semaphore::MAX_PERMITS
            })),
        }
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
    /// The migration is one transaction. In MySQL and MariaDB each of its statements is one, and a migration that was
    /// interrupted is continued by the next.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrations::migrate(self).await
    }

    /// Returns the SQL of [`migrate`](Self::migrate).
    ///
    /// It is for running migrations with a different role or an external tool.
    #[must_use]
    pub fn migrations(&self) -> Vec<Migration> {
        migrations::migrations::<D>(&self.name)
    }

    /// Returns the inbox beside the leases.
    #[must_use]
    pub fn inbox(&self) -> inbox::SqlInbox<D> {
        inbox::SqlInbox::new(self)
    }

    /// Takes a connection of the pool that is in no transaction.
    pub(crate) async fn connection(&self) -> Result<PoolConnection<D>, sqlx::Error> {
        loop {
            let mut connection = self.pool.acquire().await?;
            if !connection.is_in_transaction() {
                return Ok(connection);
            }
            // A handler ended its transaction itself and was dropped, so the driver could not roll back.
            connection.close_on_drop();
        }
    }

    /// Begins a transaction with a text that a dialect writes.
    ///
    /// It must not be dropped before it is ready: the driver would not roll back.
    pub(crate) async fn begin(&self, sql: String) -> Result<Open<D>, sqlx::Error> {
        let connection = self.connection().await?;
        let transaction = Transaction::begin(connection, Some(AssertSqlSafe(sql).into_sql_str())).await?;
        Ok(Open {
            transaction,
            permit: None,
        })
    }

    /// Begins a transaction in a task.
    ///
    /// One that is dropped while it begins would stay open.
    pub(crate) async fn open(&self, sql: String) -> Result<Open<D>, sqlx::Error> {
        let store = self.clone();
        let opening = tokio::spawn(async move {
            let permit = Arc::clone(&store.gate).acquire_owned().await.ok();
            let mut open = store.begin(sql).await?;
            open.permit = permit;
            Ok(open)
        });
        opening
            .await
            .map_err(|ended| sqlx::Error::Io(std::io::Error::other(ended)))?
    }

    /// Runs an operation that commits by itself and returns its first row.
    pub(crate) async fn row(&self, sql: String) -> Result<Option<D::Row>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// Runs an operation that commits by itself and returns its rows.
    pub(crate) async fn rows(&self, sql: String) -> Result<Vec<D::Row>, StoreError> {
        self.try_rows(sql).await.map_err(store_error::<D>)
    }

    /// Does the same, for an operation whose error may be a response.
    pub(crate) async fn try_rows(&self, sql: String) -> Result<Vec<D::Row>, sqlx::Error> {
        self.run(sql, D::rows).await
    }

    /// Runs a statement that commits by itself and counts the rows that it changed.
    pub(crate) async fn changed(&self, sql: String) -> Result<u64, StoreError> {
        self.run(sql, D::changed).await.map_err(store_error::<D>)
    }

    /// Runs an operation until the timeout.
    ///
    /// One that lost a conflict changed nothing and is sent again.
    async fn run<T>(
        &self,
        sql: String,
        operation: for<'c> fn(&'c mut D::Connection, String) -> Running<'c, T>,
    ) -> Result<T, sqlx::Error> {
        let sql = format!("{}{sql}", D::FIRST);
        let attempt = async {
            let mut tries = CONFLICT_TRIES;
            loop {
                tries = tries.saturating_sub(1);
                let mut connection = self.connection().await?;
                match operation(&mut connection, sql.clone()).await {
                    Err(error) if tries > 0 && fault::<D>(&error) == Fault::Conflict => {}
                    response => return response,
                }
            }
        };
        match tokio::time::timeout(self.timeout, attempt).await {
            Ok(response) => response,
            Err(late) => Err(sqlx::Error::Io(late.into())),
        }
    }

    /// Reads the server's settings and the version of the tables.
    async fn look_at_health(&self) -> Result<StoreHealth, StoreError> {
        let look = async {
            let mut connection = self.connection().await?;
            let health = D::health(&mut connection).await?;
            let missing = migrations::missing::<D>(&mut connection, &self.name).await?;
            Ok(match missing.is_empty() {
                true => health,
                false => health.warning(tables_are_missing::<D>()),
            })
        };
        match tokio::time::timeout(self.timeout, look).await {
            Ok(health) => health.map_err(store_error::<D>),
            Err(late) => Err(StoreError::unavailable(late)),
        }
    }
}

/// Transaction of the store, with the right to write where the database has one writer.
pub(crate) struct Open<D: Dialect> {
    transaction: Transaction<'static, D>,
    permit: Option<OwnedSemaphorePermit>,
}

impl<D: Dialect> Open<D> {
    pub(crate) fn connection(&mut self) -> &mut D::Connection {
        &mut self.transaction
    }

    /// Rolls back and restores the settings of the session.
    pub(crate) async fn give_up(mut self) -> Result<(), sqlx::Error> {
        self.restore().await?;
        self.transaction.rollback().await
    }

    /// Commits and restores the settings of the session.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.restore().await?;
        self.transaction.commit().await
    }

    async fn restore(&mut self) -> Result<(), sqlx::Error> {
        if let Some(restore) = D::RESTORE {
            D::rows(&mut self.transaction, restore.to_owned()).await?;
        }
        Ok(())
    }
}

impl<D: Dialect> Clone for SqlStore<D> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            name: Arc::clone(&self.name),
            timeout: self.timeout,
            gate: Arc::clone(&self.gate),
        }
    }
}

impl<D: Dialect> fmt::Debug for SqlStore<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(D::STORE)
            .field("name", &self.name.as_str())
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

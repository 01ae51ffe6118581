//! Opening the store that `SHOP_STORE` names.

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, Weak},
    time::Duration,
};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use sqlx::{
    Connection as _, MySqlConnection, PgConnection,
    mysql::MySqlPoolOptions,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use wechatpay_core::{
    BoxError,
    idempotency::{self, IdempotencyStore},
    watch::{MemoryPendingStore, PendingStore},
};
use wechatpay_stores::RedisStore;

use super::{MemoryOrders, ShopStore, StoreError, redis::RedisOrders, sql};

/// Maximum wait for a store at the start.
const START: Duration = Duration::from_secs(5);
/// Longest wait for a response of Redis, or for a free connection to PostgreSQL.
const PATIENCE: Duration = Duration::from_secs(1);
/// One for each notification or request that is being handled.
const CONNECTIONS: u32 = 16;
/// SQLite has one writer: more connections would only wait for its lock.
const SQLITE_CONNECTIONS: u32 = 4;
/// Interval of removing expired records, and the number removed at once.
const HOUSEKEEPING: Duration = Duration::from_secs(3600);
const PURGE: u64 = 1_000;

/// Values of `SHOP_STORE`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum StoreSetting {
    Memory,
    Redis(String),
    Postgres(String),
    MySql(String),
    Sqlite(String),
}

impl StoreSetting {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.split_once("://") {
            None if text == "memory" => Some(Self::Memory),
            Some(("redis", _)) => Some(Self::Redis(text.to_owned())),
            Some(("postgres" | "postgresql", _)) => Some(Self::Postgres(text.to_owned())),
            Some(("mysql" | "mariadb", _)) => Some(Self::MySql(text.to_owned())),
            Some(("sqlite", _)) => Some(Self::Sqlite(text.to_owned())),
            _ => None,
        }
    }

    /// A file in the temporary directory, so that a restart on this port forgets nothing.
    ///
    /// On any free port it is memory: nobody would find the file again.
    pub(crate) fn of_demo(listen: SocketAddr) -> Self {
        if listen.port() == 0 {
            return Self::Memory;
        }
        let file = std::env::temp_dir().join(format!("wechatpay-shop-{}.db", listen.port()));
        Self::Sqlite(format!("sqlite://{}", file.display()))
    }

    /// In words, for the terminal.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Memory => "memory (gone when the shop stops)",
            Self::Redis(_) => "Redis (several shops may share it)",
            Self::Postgres(_) => "PostgreSQL (several shops may share it)",
            Self::MySql(_) => "MySQL (several shops may share it)",
            Self::Sqlite(_) => "SQLite (a file on this machine)",
        }
    }

    /// Opens the store, and logs warnings about its configuration.
    pub(crate) async fn open(&self) -> Result<ShopStore, StoreError> {
        let open = async {
            let store = match self {
                Self::Memory => ShopStore::in_memory(),
                Self::Redis(url) => redis(url).await?,
                Self::Postgres(url) => postgres(url).await?,
                Self::MySql(url) => mysql(url).await?,
                Self::Sqlite(url) => sqlite(url).await?,
            };
            for warning in store.health().await? {
                tracing::warn!(target: "shop", "{warning}");
            }
            tokio::spawn(housekeeping(
                Arc::downgrade(&store.leases),
                Arc::downgrade(&store.pending),
            ));
            Ok(store)
        };
        let late = |late: tokio::time::error::Elapsed| StoreError(late.into());
        tokio::time::timeout(START, open)
            .await
            .map_err(late)?
            .map_err(StoreError::of)
    }
}

impl ShopStore {
    /// Everything in memory: one process, and gone with it.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(
            Arc::new(MemoryOrders::new()),
            Arc::new(idempotency::MemoryStore::new()),
            Arc::new(MemoryPendingStore::new()),
        )
    }
}

async fn redis(url: &str) -> Result<ShopStore, BoxError> {
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(1)
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    // Comes back by itself when Redis does.
    let connection = ConnectionManager::new_with_config(redis::Client::open(url)?, config).await?;
    let store = Arc::new(RedisStore::new(connection.clone()));
    Ok(ShopStore::new(
        Arc::new(RedisOrders::new(connection)),
        store.clone(),
        store,
    ))
}

async fn postgres(url: &str) -> Result<ShopStore, BoxError> {
    // A pool asks until its patience ends, and then says no more than that; a connection says what is wrong.
    PgConnection::connect(url).await?.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect(url)
        .await?;
    sql::postgres::open(pool).await
}

async fn mysql(url: &str) -> Result<ShopStore, BoxError> {
    MySqlConnection::connect(url).await?.close().await?;
    let pool = MySqlPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect(url)
        .await?;
    sql::mysql::open(pool).await
}

async fn sqlite(url: &str) -> Result<ShopStore, BoxError> {
    let options: SqliteConnectOptions = url.parse()?;
    // The migration switches to write-ahead logging: no timeout covers the switch, and it tries again.
    let options = options.create_if_missing(true).busy_timeout(PATIENCE);
    let pool = SqlitePoolOptions::new()
        .max_connections(SQLITE_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    sql::sqlite::open(pool).await
}

/// Removes expired records periodically, while the store exists.
async fn housekeeping(leases: Weak<dyn IdempotencyStore>, pending: Weak<dyn PendingStore>) {
    loop {
        tokio::time::sleep(HOUSEKEEPING).await;
        let (Some(leases), Some(pending)) = (leases.upgrade(), pending.upgrade()) else {
            return;
        };
        // Less than asked for: that was all. What fails is tried again in an hour.
        while leases.purge(PURGE).await.is_ok_and(|purged| purged == PURGE) {}
        while pending.purge(PURGE).await.is_ok_and(|purged| purged == PURGE) {}
    }
}

/// The address may hold a password.
impl fmt::Debug for StoreSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

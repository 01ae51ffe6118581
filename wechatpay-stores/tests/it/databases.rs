//! MariaDB and SQLite for the tests, with the same methods as the PostgreSQL of `support`.

/// Defines a database with a store whose tables have a prefix.
macro_rules! database {
    ($Store:ty, $Pool:ty, $Options:ty, $Connection:ty, $kind:literal, $Server:ty, $day:literal, $file:literal) => {
        /// A store with a prefix of its own, with its pool and its server.
        pub(crate) struct Database {
            pub(crate) store: $Store,
            pub(crate) pool: $Pool,
            pub(crate) prefix: String,
            pub(crate) server: Arc<$Server>,
        }

        impl Database {
            pub(crate) async fn on(server: Arc<$Server>) -> Self {
                static NEXT: AtomicU32 = AtomicU32::new(0);
                let prefix = format!("test_{}", NEXT.fetch_add(1, Ordering::SeqCst));
                let pool = Self::open(&server.url()).await;
                let database = Self::existing(pool, prefix, server);
                database.store.migrate().await.unwrap();
                // A shop's handler adds one row for each effect.
                database
                    .execute("CREATE TABLE {prefix}_effects (number VARCHAR(64), fence BIGINT)")
                    .await;
                database
            }

            fn existing(pool: $Pool, prefix: String, server: Arc<$Server>) -> Self {
                Self {
                    store: store(&pool, &prefix),
                    pool,
                    prefix,
                    server,
                }
            }

            /// Makes a store over another pool.
            pub(crate) fn with(&self, pool: $Pool) -> Self {
                Self::existing(pool, self.prefix.clone(), Arc::clone(&self.server))
            }

            pub(crate) async fn open(url: &str) -> $Pool {
                <$Options>::new()
                    .max_connections(12)
                    .acquire_timeout(Duration::from_secs(30))
                    .connect(url)
                    .await
                    .unwrap()
            }

            /// Makes a store with the default name, and names the file of its migrations.
            pub(crate) fn with_default_name(&self) -> ($Store, &'static str) {
                (<$Store>::new(self.pool.clone()), $file)
            }

            /// Makes a store whose tables do not exist.
            pub(crate) fn elsewhere(&self) -> $Store {
                store(&self.pool, &format!("{}_nowhere", self.prefix))
            }

            /// Writes the statement after which a lease is to be forgotten.
            pub(crate) fn make_old(&self, id: &str) -> String {
                format!(
                    "UPDATE {0}_leases SET forget_after = first_seen - {1} WHERE event = '{id}'",
                    self.prefix, $day
                )
            }

            /// Opens a pool of so many connections.
            pub(crate) async fn pool_of(&self, connections: u32) -> $Pool {
                let options = <$Options>::new().max_connections(connections);
                let patient = options.acquire_timeout(Duration::from_secs(60));
                patient.connect(&self.server.url()).await.unwrap()
            }

            /// Records an effect of the shop.
            pub(crate) async fn effect(
                &self,
                connection: &mut $Connection,
                number: &str,
                fence: u64,
            ) -> Result<(), sqlx::Error> {
                effect(connection, &self.prefix, number, fence).await
            }

            pub(crate) async fn effects(&self) -> i64 {
                self.number(&format!("SELECT count(*) FROM {}_effects", self.prefix))
                    .await
            }

            /// Returns the number of leases that are done.
            pub(crate) async fn done(&self) -> i64 {
                self.number(&format!(
                    "SELECT count(*) FROM {}_leases WHERE state = 'done'",
                    self.prefix
                ))
                .await
            }

            pub(crate) async fn number(&self, sql: &str) -> i64 {
                sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                    .fetch_one(&self.pool)
                    .await
                    .unwrap()
            }

            pub(crate) async fn execute(&self, sql: &str) {
                let sql = sql.replace("{prefix}", &self.prefix);
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
                    .execute(&self.pool)
                    .await
                    .unwrap();
            }

            /// Writes the name of a table.
            pub(crate) fn table(&self, table: &str) -> String {
                format!("{}_{table}", self.prefix)
            }

            /// Returns what a child process needs.
            pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
                vec![
                    ("DATABASE", $kind.to_owned()),
                    ("URL", self.server.url()),
                    ("SCHEMA", self.prefix.clone()),
                ]
            }
        }

        pub(crate) async fn effect(
            connection: &mut $Connection,
            prefix: &str,
            number: &str,
            fence: u64,
        ) -> Result<(), sqlx::Error> {
            let sql = format!("INSERT INTO {prefix}_effects (number, fence) VALUES (?, ?)");
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(number.to_owned())
                .bind(i64::try_from(fence).unwrap())
                .execute(connection)
                .await?;
            Ok(())
        }

        /// Makes a store with a long timeout, because the machine may be busy.
        pub(crate) fn store(pool: &$Pool, prefix: &str) -> $Store {
            <$Store>::new(pool.clone())
                .prefix(prefix)
                .unwrap()
                .timeout(Duration::from_secs(20))
        }
    };
}

pub(crate) mod mariadb {
    use std::{
        sync::{
            Arc, Mutex, Weak,
            atomic::{AtomicU32, Ordering},
        },
        time::Duration,
    };

    use sqlx::{MySqlConnection, MySqlPool, mysql::MySqlPoolOptions};
    use wechatpay_stores::{MySqlStore, testing::MariadbServer};

    database!(
        MySqlStore,
        MySqlPool,
        MySqlPoolOptions,
        MySqlConnection,
        "mariadb",
        MariadbServer,
        "INTERVAL 1 DAY",
        "migrations/mysql"
    );

    impl Database {
        pub(crate) async fn new() -> Self {
            Self::on(shared()).await
        }

        /// Condition for a time in about a minute.
        pub(crate) const IN_A_MINUTE: &str =
            "BETWEEN UTC_TIMESTAMP(6) + INTERVAL 50 SECOND AND UTC_TIMESTAMP(6) + INTERVAL 70 SECOND";

        /// Least number of awaits of a transaction.
        pub(crate) const WAITS: u32 = 3;

        /// Starts a server for one test.
        pub(crate) async fn alone() -> Self {
            Self::on(Arc::new(MariadbServer::start().unwrap())).await
        }

        /// Makes a store whose operations take long.
        pub(crate) async fn slowly(&self) -> Self {
            let port = crate::support::slow_way_to(self.server.port()).await;
            self.with(Self::open(&Self::url_at(port)).await)
        }

        /// Returns the URL for a port.
        pub(crate) fn url_at(port: u16) -> String {
            format!("mysql://test@127.0.0.1:{port}/shop")
        }
    }

    /// Returns the MariaDB that tests share, which the last of them stops.
    pub(crate) fn shared() -> Arc<MariadbServer> {
        static SHARED: Mutex<Weak<MariadbServer>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(MariadbServer::start().unwrap());
            *shared = Arc::downgrade(&server);
            server
        })
    }
}

pub(crate) mod sqlite {
    use std::{
        path::PathBuf,
        sync::{
            Arc,
            atomic::{AtomicU32, Ordering},
        },
        time::Duration,
    };

    use sqlx::{SqliteConnection, SqlitePool, sqlite::SqlitePoolOptions};
    use wechatpay_stores::SqliteStore;

    /// Folder with a database, removed when it is dropped.
    pub(crate) struct File(PathBuf);

    impl File {
        pub(crate) fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let number = NEXT.fetch_add(1, Ordering::SeqCst);
            let folder =
                std::env::temp_dir().join(format!("wechatpay-sqlite-{}-{number}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir(&folder).unwrap();
            Self(folder)
        }

        pub(crate) fn url(&self) -> String {
            format!("sqlite://{}?mode=rwc", self.0.join("shop.db").display())
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    database!(
        SqliteStore,
        SqlitePool,
        SqlitePoolOptions,
        SqliteConnection,
        "sqlite",
        File,
        "86400000",
        "migrations/sqlite"
    );

    impl Database {
        pub(crate) async fn new() -> Self {
            Self::on(Arc::new(File::new())).await
        }

        /// Condition for a time in about a minute.
        pub(crate) const IN_A_MINUTE: &str =
            "BETWEEN unixepoch() * 1000 + 50000 AND unixepoch() * 1000 + 70000";

        /// Least number of awaits of a transaction.
        pub(crate) const WAITS: u32 = 1;

        /// Makes a store over a pool of its own; a file has no slow way.
        pub(crate) async fn slowly(&self) -> Self {
            self.with(Self::open(&self.server.url()).await)
        }
    }
}

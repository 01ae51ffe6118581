//! Orders in a SQL database, one row each, inside an event's transaction or outside.

use std::time::Duration;

use tokio::time::timeout;

use super::StoreError;

/// Time limit of a statement, which normally takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

async fn soon<T>(operation: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    timeout(PATIENCE, operation)
        .await
        .unwrap_or_else(|late| Err(StoreError(late.into())))
}

fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError(error.into())
}

/// Defines a module with the store of one database.
///
/// Nothing stays prepared (`persistent(false)`), so that a pooler in transaction mode may stand between.
macro_rules! orders {
    ($database:ident, $Variant:ident, $Store:ident, $Pool:ident, $Connection:ident, $Executor:ident, $migrate:literal, $insert:literal, $get:literal, $lock:literal, $replace:literal) => {
        pub(super) mod $database {
            use std::{fmt, sync::Arc};

            use sqlx::{Row as _, $Connection, $Executor, $Pool};
            use tokio::sync::Mutex;
            use wechatpay_core::{
                BoxError,
                idempotency::{Event, Handled, HandlerContext, IdempotencyError, Limits},
                types::OutTradeNo,
            };
            use wechatpay_stores::$Store;

            use super::{soon, unavailable};
            use crate::{
                order::Order,
                store::{
                    OrderStore, ShopStore, StoreError, StoreFuture, Stored, Transactions, Version,
                    idempotent::Handling, read, write,
                },
            };

            /// Opens the store over a pool, and makes its tables where they are missing.
            pub(in crate::store) async fn open(pool: $Pool) -> Result<ShopStore, BoxError> {
                let store = $Store::new(pool.clone());
                store.migrate().await?;
                sqlx::raw_sql($migrate).execute(&pool).await?;
                let transactions = Transactions::$Variant(store.clone());
                Ok(ShopStore {
                    transactions: Some(transactions),
                    ..ShopStore::new(
                        Arc::new(Orders(pool)),
                        Arc::new(store.clone()),
                        Arc::new(store),
                    )
                })
            }

            /// Handles an event once, in one transaction with the orders.
            pub(in crate::store) async fn once<T, E>(
                store: &$Store,
                event: &Event,
                limits: &Limits,
                handler: impl for<'o> FnOnce(&'o dyn OrderStore, HandlerContext) -> Handling<'o, T, E> + Send,
            ) -> Result<Handled<T>, IdempotencyError<E>> {
                let handle = async move |transaction: &mut $Connection, context| {
                    handler(&InTransaction(Mutex::new(transaction)), context).await
                };
                store.transactional(event, limits, handle).await
            }

            /// Orders, each statement a transaction of its own.
            struct Orders($Pool);

            impl OrderStore for Orders {
                fn insert(&self, order: Order) -> StoreFuture<'_, bool> {
                    Box::pin(async move { soon(insert(&self.0, &order)).await })
                }

                fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>> {
                    Box::pin(soon(get(&self.0, number, $get)))
                }

                fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool> {
                    Box::pin(async move { soon(replace(&self.0, &order, version)).await })
                }

                fn ping(&self) -> StoreFuture<'_, ()> {
                    Box::pin(soon(ping(&self.0)))
                }
            }

            /// Orders in a transaction; the rows it read are locked until it ends.
            struct InTransaction<'c>(Mutex<&'c mut $Connection>);

            impl OrderStore for InTransaction<'_> {
                fn insert(&self, order: Order) -> StoreFuture<'_, bool> {
                    Box::pin(async move { insert(&mut **self.0.lock().await, &order).await })
                }

                fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>> {
                    Box::pin(async move { get(&mut **self.0.lock().await, number, $lock).await })
                }

                fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool> {
                    Box::pin(async move { replace(&mut **self.0.lock().await, &order, version).await })
                }

                fn ping(&self) -> StoreFuture<'_, ()> {
                    Box::pin(async move { ping(&mut **self.0.lock().await).await })
                }
            }

            async fn insert(executor: impl $Executor<'_>, order: &Order) -> Result<bool, StoreError> {
                let done = sqlx::query($insert)
                    .persistent(false)
                    .bind(order.out_trade_no.as_str())
                    .bind(write(order)?)
                    .execute(executor)
                    .await
                    .map_err(unavailable)?;
                Ok(done.rows_affected() == 1)
            }

            async fn get(
                executor: impl $Executor<'_>,
                number: &OutTradeNo,
                sql: &'static str,
            ) -> Result<Option<Stored>, StoreError> {
                let row = sqlx::query(sql)
                    .persistent(false)
                    .bind(number.as_str())
                    .fetch_optional(executor)
                    .await
                    .map_err(unavailable)?;
                let Some(row) = row else { return Ok(None) };
                let version: i64 = row.try_get(0).map_err(unavailable)?;
                let body: String = row.try_get(1).map_err(unavailable)?;
                read(&body, version.unsigned_abs()).map(Some)
            }

            async fn replace(
                executor: impl $Executor<'_>,
                order: &Order,
                version: Version,
            ) -> Result<bool, StoreError> {
                let done = sqlx::query($replace)
                    .persistent(false)
                    .bind(write(order)?)
                    .bind(order.out_trade_no.as_str())
                    .bind(version.cast_signed())
                    .execute(executor)
                    .await
                    .map_err(unavailable)?;
                Ok(done.rows_affected() == 1)
            }

            async fn ping(executor: impl $Executor<'_>) -> Result<(), StoreError> {
                let done = sqlx::raw_sql("SELECT 1").execute(executor).await;
                done.map(drop).map_err(unavailable)
            }

            impl fmt::Debug for Orders {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("Orders")
                }
            }

            impl fmt::Debug for InTransaction<'_> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("InTransaction")
                }
            }
        }
    };
}

// The table is made under a lock, because concurrent creation fails. Statements that are sent as one text are one
// transaction.
orders!(
    postgres,
    Postgres,
    PostgresStore,
    PgPool,
    PgConnection,
    PgExecutor,
    "SELECT pg_advisory_xact_lock(7305799034); \
     CREATE SCHEMA IF NOT EXISTS shop; \
     CREATE TABLE IF NOT EXISTS shop.orders (out_trade_no text PRIMARY KEY, version bigint NOT NULL, body jsonb NOT NULL);",
    "INSERT INTO shop.orders (out_trade_no, version, body) VALUES ($1, 0, $2::jsonb) ON CONFLICT DO NOTHING",
    "SELECT version, body::text FROM shop.orders WHERE out_trade_no = $1",
    "SELECT version, body::text FROM shop.orders WHERE out_trade_no = $1 FOR UPDATE",
    "UPDATE shop.orders SET version = version + 1, body = $1::jsonb WHERE out_trade_no = $2 AND version = $3"
);

orders!(
    mysql,
    MySql,
    MySqlStore,
    MySqlPool,
    MySqlConnection,
    MySqlExecutor,
    "CREATE TABLE IF NOT EXISTS shop_orders (out_trade_no VARCHAR(32) COLLATE utf8mb4_bin NOT NULL PRIMARY KEY, \
       version BIGINT NOT NULL, body TEXT NOT NULL) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4",
    "INSERT IGNORE INTO shop_orders (out_trade_no, version, body) VALUES (?, 0, ?)",
    "SELECT version, body FROM shop_orders WHERE out_trade_no = ?",
    "SELECT version, body FROM shop_orders WHERE out_trade_no = ? FOR UPDATE",
    "UPDATE shop_orders SET version = version + 1, body = ? WHERE out_trade_no = ? AND version = ?"
);

orders!(
    sqlite,
    Sqlite,
    SqliteStore,
    SqlitePool,
    SqliteConnection,
    SqliteExecutor,
    "CREATE TABLE IF NOT EXISTS shop_orders (out_trade_no TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL)",
    "INSERT INTO shop_orders (out_trade_no, version, body) VALUES (?, 0, ?) ON CONFLICT DO NOTHING",
    "SELECT version, body FROM shop_orders WHERE out_trade_no = ?",
    // The transaction has the only writer.
    "SELECT version, body FROM shop_orders WHERE out_trade_no = ?",
    "UPDATE shop_orders SET version = version + 1, body = ? WHERE out_trade_no = ? AND version = ?"
);

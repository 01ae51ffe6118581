//! Orders in PostgreSQL, one row each, inside a notification's transaction or outside.

use std::{fmt, time::Duration};

use sqlx::{PgConnection, PgExecutor, PgPool, Row as _};
use tokio::{sync::Mutex, time::timeout};
use wechatpay_core::types::OutTradeNo;

use super::{OrderStore, StoreError, StoreFuture, Stored, Version, read, write};
use crate::order::Order;

/// Creates the tables under a lock, because concurrent creation fails.
const MIGRATE: &str = "
    SELECT pg_advisory_xact_lock(7305799034);
    CREATE SCHEMA IF NOT EXISTS shop;
    CREATE TABLE IF NOT EXISTS shop.orders (
        out_trade_no text PRIMARY KEY,
        version bigint NOT NULL,
        body jsonb NOT NULL
    );";

const INSERT: &str =
    "INSERT INTO shop.orders (out_trade_no, version, body) VALUES ($1, 0, $2::jsonb) ON CONFLICT DO NOTHING";
const GET: &str = "SELECT version, body::text FROM shop.orders WHERE out_trade_no = $1";
const GET_AND_LOCK: &str = "SELECT version, body::text FROM shop.orders WHERE out_trade_no = $1 FOR UPDATE";
const REPLACE: &str =
    "UPDATE shop.orders SET version = version + 1, body = $3::jsonb WHERE out_trade_no = $1 AND version = $2";

/// Time limit of a statement, which normally takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// Orders, each statement a transaction of its own.
pub(super) struct PostgresOrders(PgPool);

impl PostgresOrders {
    /// Makes the table where it is missing.
    pub(super) async fn migrated(pool: PgPool) -> Result<Self, sqlx::Error> {
        // Statements that are sent as one text are one transaction.
        sqlx::raw_sql(MIGRATE).execute(&pool).await?;
        Ok(Self(pool))
    }
}

impl OrderStore for PostgresOrders {
    fn insert(&self, order: Order) -> StoreFuture<'_, bool> {
        Box::pin(async move { soon(insert(&self.0, &order)).await })
    }

    fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>> {
        Box::pin(soon(get(&self.0, number, GET)))
    }

    fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool> {
        Box::pin(async move { soon(replace(&self.0, &order, version)).await })
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(soon(ping(&self.0)))
    }
}

/// Orders in a transaction; the rows it read are locked until it ends.
pub(super) struct InTransaction<'c>(Mutex<&'c mut PgConnection>);

impl<'c> InTransaction<'c> {
    pub(super) fn new(transaction: &'c mut PgConnection) -> Self {
        Self(Mutex::new(transaction))
    }
}

impl OrderStore for InTransaction<'_> {
    fn insert(&self, order: Order) -> StoreFuture<'_, bool> {
        Box::pin(async move { insert(&mut **self.0.lock().await, &order).await })
    }

    fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>> {
        Box::pin(async move { get(&mut **self.0.lock().await, number, GET_AND_LOCK).await })
    }

    fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool> {
        Box::pin(async move { replace(&mut **self.0.lock().await, &order, version).await })
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move { ping(&mut **self.0.lock().await).await })
    }
}

// Nothing stays prepared (`persistent(false)`), so that a pooler in transaction mode may stand between.

async fn insert(executor: impl PgExecutor<'_>, order: &Order) -> Result<bool, StoreError> {
    let done = sqlx::query(INSERT)
        .persistent(false)
        .bind(order.out_trade_no.as_str())
        .bind(write(order)?)
        .execute(executor)
        .await
        .map_err(unavailable)?;
    Ok(done.rows_affected() == 1)
}

async fn get(
    executor: impl PgExecutor<'_>,
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
    let body: &str = row.try_get(1).map_err(unavailable)?;
    read(body, version.unsigned_abs()).map(Some)
}

async fn replace(executor: impl PgExecutor<'_>, order: &Order, version: Version) -> Result<bool, StoreError> {
    let done = sqlx::query(REPLACE)
        .persistent(false)
        .bind(order.out_trade_no.as_str())
        .bind(version.cast_signed())
        .bind(write(order)?)
        .execute(executor)
        .await
        .map_err(unavailable)?;
    Ok(done.rows_affected() == 1)
}

async fn ping(executor: impl PgExecutor<'_>) -> Result<(), StoreError> {
    let done = sqlx::raw_sql("SELECT 1").execute(executor).await;
    done.map(drop).map_err(unavailable)
}

async fn soon<T>(operation: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    timeout(PATIENCE, operation)
        .await
        .unwrap_or_else(|late| Err(StoreError(late.into())))
}

fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError(error.into())
}

impl fmt::Debug for PostgresOrders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresOrders")
    }
}

impl fmt::Debug for InTransaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InTransaction")
    }
}

//! Orders in Redis: a hash for each, changed by one script.

use std::{fmt, sync::LazyLock};

use redis::{AsyncCommands as _, RedisError, Script, aio::ConnectionManager};
use wechatpay_core::types::OutTradeNo;

use super::{OrderStore, StoreError, StoreFuture, Stored, Version, read, write};
use crate::order::Order;

/// Compares and swaps an order.
///
/// KEYS: the order. ARGV: the version it must have (none: there must be no such order), its next version, its text.
static COMPARE_AND_SWAP: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if (redis.call('HGET', KEYS[1], 'version') or '') ~= ARGV[1] then return 0 end\n\
         redis.call('HSET', KEYS[1], 'version', ARGV[2], 'order', ARGV[3])\n\
         return 1",
    )
});

/// Keeps orders in Redis, without expiry.
///
/// Configure Redis to evict nothing and to sync each write (`maxmemory-policy noeviction`, `appendfsync always`).
pub(super) struct RedisOrders(ConnectionManager);

impl RedisOrders {
    pub(super) fn new(connection: ConnectionManager) -> Self {
        Self(connection)
    }

    async fn swap(&self, order: &Order, from: Option<Version>, to: Version) -> Result<bool, StoreError> {
        let from = from.map_or_else(String::new, |version| version.to_string());
        let swapped = COMPARE_AND_SWAP
            .key(key(&order.out_trade_no))
            .arg(from)
            .arg(to)
            .arg(write(order)?)
            .invoke_async(&mut self.0.clone())
            .await;
        swapped.map_err(unavailable)
    }
}

fn key(number: &OutTradeNo) -> String {
    format!("shop:order:{number}")
}

fn unavailable(error: RedisError) -> StoreError {
    StoreError(error.into())
}

impl OrderStore for RedisOrders {
    fn insert(&self, order: Order) -> StoreFuture<'_, bool> {
        Box::pin(async move { self.swap(&order, None, 0).await })
    }

    fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>> {
        Box::pin(async move {
            let mut connection = self.0.clone();
            let found: (Option<Version>, Option<String>) = connection
                .hmget(key(number), &["version", "order"])
                .await
                .map_err(unavailable)?;
            match found {
                (Some(version), Some(order)) => read(&order, version).map(Some),
                _ => Ok(None),
            }
        })
    }

    fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool> {
        Box::pin(async move { self.swap(&order, Some(version), version.wrapping_add(1)).await })
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move { self.0.clone().ping().await.map_err(unavailable) })
    }
}

impl fmt::Debug for RedisOrders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisOrders")
    }
}

//! Storage of orders, of handled events, and of what is watched.
//!
//! | `SHOP_STORE` | orders | an event is handled once by |
//! |---|---|---|
//! | `memory` | [`MemoryOrders`] | a lease in [`idempotency::MemoryStore`](wechatpay_core::idempotency::MemoryStore) |
//! | `redis://…` | [`RedisOrders`](redis::RedisOrders) | a lease in [`RedisStore`](wechatpay_stores::RedisStore) |
//! | `postgres://…`, `mysql://…`, `sqlite://…` | one row each ([`sql`]) | the transaction that also changes the order |
//!
//! Handlers do the same to orders in all of them; see [`ShopStore::once`]. Each store also keeps what is watched.

mod change;
mod idempotent;
mod memory;
mod open;
mod redis;
mod sql;

use std::{fmt, pin::Pin, sync::Arc};

use wechatpay_core::{BoxError, idempotency::IdempotencyStore, types::OutTradeNo, watch::PendingStore};
use wechatpay_stores::{MySqlStore, PostgresStore, SqliteStore};

use crate::order::Order;

pub(crate) use change::{ChangeError, change};
pub use memory::MemoryOrders;
pub(crate) use open::StoreSetting;

/// The store of a shop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ShopStore {
    orders: Arc<dyn OrderStore>,
    leases: Arc<dyn IdempotencyStore>,
    pending: Arc<dyn PendingStore>,
    /// The store that handles an event in one transaction with the orders.
    ///
    /// Set if leases and orders are in one database.
    transactions: Option<Transactions>,
}

impl ShopStore {
    /// A store with separate places for orders, leases, and what is watched.
    #[must_use]
    pub fn new(
        orders: Arc<dyn OrderStore>,
        leases: Arc<dyn IdempotencyStore>,
        pending: Arc<dyn PendingStore>,
    ) -> Self {
        Self {
            orders,
            leases,
            pending,
            transactions: None,
        }
    }

    /// The orders.
    pub(crate) fn orders(&self) -> &dyn OrderStore {
        self.orders.as_ref()
    }

    /// The store of watched orders and refunds.
    pub(crate) fn pending(&self) -> Arc<dyn PendingStore> {
        Arc::clone(&self.pending)
    }

    /// Checks that the store responds. Returns warnings about its configuration.
    pub(crate) async fn health(&self) -> Result<Vec<String>, StoreError> {
        self.orders.ping().await?;
        let health = self.leases.health().await;
        Ok(health.map_err(|error| StoreError(error.into()))?.warnings)
    }
}

/// Databases that hold orders and leases.
#[derive(Clone, Debug)]
enum Transactions {
    Postgres(PostgresStore),
    MySql(MySqlStore),
    Sqlite(SqliteStore),
}

/// Future of a store.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Failure of the store: it did not respond, or had no room.
#[derive(Debug, thiserror::Error)]
#[error("the shop's store failed")]
pub struct StoreError(#[source] pub BoxError);

impl StoreError {
    /// Wraps an error, unless it is one of these already.
    pub(crate) fn of(error: BoxError) -> Self {
        error.downcast().map_or_else(Self, |own| *own)
    }
}

/// Counts the changes of one order.
pub type Version = u64;

/// An order as it is in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The order.
    pub order: Order,
    /// Number of changes.
    pub version: Version,
}

/// Keeps orders, for one process or for several.
///
/// There are three operations, and the one that changes something is a compare-and-swap: it succeeds for one of all that
/// try at the same time, in whichever process. State of the order and hand-over of the goods are one record, so they
/// change together or not at all, and a process that is killed leaves nothing half-done.
///
/// Every future may be dropped: either nothing happened or all of it.
pub trait OrderStore: fmt::Debug + Send + Sync {
    /// Keeps a new order; `false` when its number is taken.
    fn insert(&self, order: Order) -> StoreFuture<'_, bool>;

    /// The order of this number.
    fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>>;

    /// Replaces an order if it still has this version; `false` if another writer was faster.
    ///
    /// The version increases by one.
    fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool>;

    /// Succeeds when the store responds.
    fn ping(&self) -> StoreFuture<'_, ()>;
}

/// An order as text. No payer is in it.
fn write(order: &Order) -> Result<String, StoreError> {
    serde_json::to_string(order).map_err(|error| StoreError(error.into()))
}

fn read(order: &str, version: Version) -> Result<Stored, StoreError> {
    let order = serde_json::from_str(order).map_err(|error| StoreError(error.into()))?;
    Ok(Stored { order, version })
}

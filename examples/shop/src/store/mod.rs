//! Where orders are kept.

mod change;
mod memory;

use std::{fmt, pin::Pin};

use wechatpay_core::{BoxError, types::OutTradeNo};

use crate::order::Order;

pub(crate) use change::{ChangeError, change};
pub use memory::MemoryStore;

/// Future of a store.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The store did not answer, or had no room.
#[derive(Debug, thiserror::Error)]
#[error("the store is not available")]
pub struct StoreError(#[source] pub BoxError);

/// Counts the changes of one order.
pub type Version = u64;

/// An order as it is in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The order.
    pub order: Order,
    /// How often it was changed.
    pub version: Version,
}

/// Keeps orders, for one process or for several.
///
/// There are three operations, and the one that changes something is a compare-and-swap: it succeeds for one of all that
/// try at the same time, in whichever process. State of the order and hand-over of the goods are one record, so they
/// change together or not at all, and a process that is killed leaves nothing half-done. In SQL this is an `UPDATE …
/// WHERE version = $1`, in Redis a script of three lines.
///
/// Every future may be dropped: either nothing happened or all of it.
pub trait OrderStore: fmt::Debug + Send + Sync {
    /// Keeps a new order; `false` when its number is taken.
    fn insert(&self, order: Order) -> StoreFuture<'_, bool>;

    /// The order of this number.
    fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>>;

    /// Replaces an order if it still has this version, which then counts one up; `false` when somebody was faster.
    fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool>;

    /// Succeeds when the store answers.
    fn ping(&self) -> StoreFuture<'_, ()>;
}

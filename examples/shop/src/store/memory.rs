//! Orders in memory: one process, and gone with it.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use wechatpay_core::types::OutTradeNo;

use super::{OrderStore, StoreError, StoreFuture, Stored, Version};
use crate::order::Order;

/// Maximum number of orders (about 50 MB); further ones are refused, none is dropped.
const CAPACITY: usize = 100_000;

/// Keeps orders in memory. For trying out and for tests.
#[derive(Default)]
pub struct MemoryOrders(Mutex<HashMap<Box<str>, Stored>>);

impl MemoryOrders {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every change is one step, so a panic elsewhere leaves nothing half-done.
    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, Stored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OrderStore for MemoryOrders {
    fn insert(&self, order: Order) -> StoreFuture<'_, bool> {
        Box::pin(async move {
            let mut orders = self.lock();
            if orders.len() >= CAPACITY {
                return Err(StoreError("it is full".into()));
            }
            match orders.entry(order.out_trade_no.as_str().into()) {
                Entry::Occupied(_) => Ok(false),
                Entry::Vacant(place) => {
                    place.insert(Stored { order, version: 0 });
                    Ok(true)
                }
            }
        })
    }

    fn get<'a>(&'a self, number: &'a OutTradeNo) -> StoreFuture<'a, Option<Stored>> {
        Box::pin(async move { Ok(self.lock().get(number.as_str()).cloned()) })
    }

    fn replace(&self, order: Order, version: Version) -> StoreFuture<'_, bool> {
        Box::pin(async move {
            let mut orders = self.lock();
            let place = orders
                .get_mut(order.out_trade_no.as_str())
                .filter(|stored| stored.version == version);
            Ok(match place {
                Some(stored) => {
                    *stored = Stored {
                        order,
                        version: version.wrapping_add(1),
                    };
                    true
                }
                None => false,
            })
        })
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

impl fmt::Debug for MemoryOrders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryOrders")
            .field("orders", &self.lock().len())
            .finish()
    }
}

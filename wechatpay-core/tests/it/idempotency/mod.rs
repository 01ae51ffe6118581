//! Idempotency: leases in memory, and `handle` around a handler.

mod dropped;
mod event;
#[cfg(feature = "all-families")]
mod families;
mod handler;
mod memory_store;
mod store_failures;
#[cfg(feature = "ecommerce-transfers")]
mod transfers;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use wechatpay_core::{
    idempotency::{Handled, IdempotencyError, IdempotencyStore, Limits, MemoryStore, handle},
    notify::VerifiedNotification,
    testing::{Delivery, FakePlatform},
};

type Store = Arc<dyn IdempotencyStore>;

fn memory() -> Store {
    Arc::new(MemoryStore::new())
}

async fn receive(platform: &FakePlatform, delivery: Delivery) -> VerifiedNotification {
    let pending = platform.receiver().begin("POST", delivery.pairs()).unwrap();
    pending.finish(delivery.body).await.unwrap()
}

async fn notification() -> VerifiedNotification {
    let platform = FakePlatform::new();
    receive(&platform, platform.payment("ORDER-1", 100)).await
}

async fn count_runs(
    store: &Store,
    notification: &VerifiedNotification,
    runs: &AtomicU32,
) -> Result<Handled<()>, IdempotencyError<&'static str>> {
    handle(store, notification, &Limits::default(), |_| async {
        runs.fetch_add(1, Ordering::SeqCst);
        Ok(())
    })
    .await
}

//! Handling a notification once.

use std::sync::Arc;

use axum::{Router, extract::State, routing::post};
use sqlx::PgPool;
use wechatpay_axum::{
    Ack, AnyResource, IdempotencyLayer, Nack, Notification, NotificationLayer, NotificationReceiver,
    api::transactions::Transaction,
    idempotency::{IdempotencyStore, Limits, MemoryStore},
};
use wechatpay_stores::{Inbox, PostgresStore, RedisStore};

use crate::shop::{BoxError, Shop};

/// Leases in memory, for one process and for tests.
#[must_use]
pub fn memory() -> Arc<dyn IdempotencyStore> {
    Arc::new(MemoryStore::new())
}

/// Leases in Redis.
///
/// # Errors
/// A server that cannot be reached.
pub async fn redis() -> Result<Arc<dyn IdempotencyStore>, BoxError> {
    Ok(Arc::new(RedisStore::connect("redis://127.0.0.1/").await?))
}

/// The notification route, with a layer that handles each one once.
pub fn route(receiver: NotificationReceiver, store: Arc<dyn IdempotencyStore>) -> Router {
    Router::new()
        .route("/wechatpay/notify", post(notified))
        .route_layer(IdempotencyLayer::new(store))
        .route_layer(NotificationLayer::new(receiver))
}

async fn notified(notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    println!("{} for the first time", notification.id());
    Ok(Ack)
}

/// Leases in the shop's own PostgreSQL.
///
/// # Errors
/// A database that cannot be reached, or a role that may not create.
pub async fn postgres(pool: PgPool) -> Result<PostgresStore, BoxError> {
    let store = PostgresStore::new(pool).schema("wechatpay")?;
    store.migrate().await?;
    Ok(store)
}

/// Prints the tables, for an operator who creates them.
pub fn print_migrations(store: &PostgresStore) {
    for migration in store.migrations() {
        println!("-- {} {}\n{}", migration.version, migration.name, migration.sql);
    }
}

/// Handles a payment in the transaction that also holds its lease.
///
/// # Errors
/// A payment that is not the order's, or a database that fails.
pub async fn paid(
    shop: &Shop,
    store: &PostgresStore,
    payment: Notification<Transaction>,
) -> Result<Ack, Nack> {
    let order = shop.order(&payment.out_trade_no).ok_or(Nack::failed())?;
    let expected = shop.wechatpay.expectation(order.number, order.total);
    let notification = payment.notification().clone();
    let confirmed = payment.confirm(&expected.map_err(|_| Nack::failed())?)?;
    let number = confirmed.out_trade_no.as_str();
    store
        .transactional(&notification, &Limits::default(), async |transaction, _| {
            sqlx::query("UPDATE orders SET paid = true WHERE number = $1")
                .bind(number)
                .execute(&mut *transaction)
                .await?;
            Ok::<_, sqlx::Error>(())
        })
        .await
        .map_err(|error| error.nack())?;
    Ok(Ack)
}

/// Stores a notification and acknowledges it.
///
/// # Errors
/// A database that fails.
pub async fn accept(
    State(inbox): State<Inbox>,
    notification: Notification<AnyResource>,
) -> Result<Ack, Nack> {
    inbox
        .accept(notification.notification())
        .await
        .map_err(|error| error.nack())?;
    Ok(Ack)
}

/// Handles what is in the inbox, four at a time, until `stop`.
pub async fn work(inbox: &Inbox, shop: &Shop, stop: impl Future<Output = ()>) {
    inbox
        .run(4, stop, async |notification, _| {
            let paid = notification.transaction().map_err(|error| error.to_string())?;
            let order = shop.order(&paid.out_trade_no).ok_or("no such order")?;
            let expected = shop.wechatpay.expectation(order.number, order.total);
            let expected = expected.map_err(|error| error.to_string())?;
            let confirmed = paid.confirm(&expected).map_err(|error| error.to_string())?;
            shop.fulfil(&confirmed).map_err(|_| "not fulfilled")?;
            Ok::<_, String>(())
        })
        .await;
}

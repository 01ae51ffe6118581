//! Handling a notification once.

use std::sync::Arc;

use axum::{Router, extract::State, routing::post};
use sqlx::PgPool;
use wechatpay_axum::{
    Ack, AnyResource, IdempotencyLayer, Nack, Notification, NotificationLayer, NotificationReceiver,
    idempotency::{IdempotencyStore, Limits, MemoryStore},
};
use wechatpay_stores::{PostgresStore, RedisStore};

use crate::shop::BoxError;

/// Claims in memory, for one process and for tests.
#[must_use]
pub fn memory() -> Arc<dyn IdempotencyStore> {
    Arc::new(MemoryStore::new())
}

/// Claims in Redis.
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

/// Claims in the shop's own PostgreSQL.
///
/// # Errors
/// A database that cannot be reached, or a role that may not create.
pub async fn postgres(pool: PgPool) -> Result<PostgresStore, BoxError> {
    let store = PostgresStore::new(pool).schema("wechatpay")?;
    store.migrate().await?;
    Ok(store)
}

/// Handles a payment in the transaction that also holds its claim.
///
/// # Errors
/// What the platform is told.
pub async fn paid(
    State(store): State<PostgresStore>,
    notification: Notification<AnyResource>,
) -> Result<Ack, Nack> {
    let verified = notification.notification();
    let number = "ORDER-1"; // confirm the payment as in "Receive notifications"
    store
        .transactional(verified, &Limits::default(), async |transaction, _| {
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

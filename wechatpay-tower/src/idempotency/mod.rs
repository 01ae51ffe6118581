//! Middleware that handles each business event once, whichever notification reports it.
//!
//! ```text
//! server ─ trace ─ Notify ─ Idempotency ─ your handler
//! ```
//!
//! # Contract
//! 1. The request carries a [`VerifiedNotification`](crate::notify::VerifiedNotification), which
//!    [`Notify`](crate::notify::Notify) inserts; otherwise the response is 500.
//! 2. The layer acquires the lease of the notification's [`Event`] in an
//!    [`IdempotencyStore`]. The response is 409 if another handler holds it, 500 if the event contradicts a known one,
//!    and 503 if the store is unavailable.
//! 3. An event that was completed before, by a query for instance, is acknowledged with 204 and does not reach the handler.
//! 4. Otherwise the handler runs, with a [`HandlerContext`] in the request's extensions. The lease is renewed
//!    meanwhile. The response is 503 if the handler exceeds its deadline or the lease is lost, and 500 if it panics.
//! 5. The handler's [`Ack`](crate::notify::Ack) is sent only after the completion is durable. If the completion cannot
//!    be stored, the response is 503, and the handler runs again.
//! 6. Any other response of the handler, a 2xx without `Ack` included, releases the lease and passes.
//!    [`Notify`](crate::notify::Notify) turns such a 2xx into 500.
//!
//! The platform sends a notification again after every status but 2xx. Responses of the layer itself have the
//! extension [`NotHandled`].
//!
//! # Deployment
//! - The layer must stand inside [`NotificationLayer`](crate::NotificationLayer).
//! - Several processes must share a store, as those of `wechatpay-stores`; [`MemoryStore`] is for one process.
//! - Effects of the handler happen at least once: a process may die between the effect and its completion. Make them
//!   idempotent by the event's key or the [`Fence`], or run them in a transaction with the lease.
//!
//! # Examples
//! ```
//! use std::{convert::Infallible, sync::Arc};
//!
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{ServiceBuilder, ServiceExt as _, service_fn};
//! use wechatpay_tower::{
//!     IdempotencyLayer, MaybeBuffered, NotificationLayer,
//!     idempotency::{HandlerContext, MemoryStore},
//!     notify::Ack,
//!     testing::{FakePlatform, request},
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let platform = FakePlatform::new();
//! let handler = service_fn(|request: Request<MaybeBuffered<Full<Bytes>>>| async move {
//!     let context = request.extensions().get::<HandlerContext>();
//!     assert_eq!(context.map(HandlerContext::attempt), Some(1));
//!     Ok::<Response<Full<Bytes>>, Infallible>(Ack.into_response())
//! });
//! let service = ServiceBuilder::new()
//!     .layer(NotificationLayer::new(platform.receiver()))
//!     .layer(IdempotencyLayer::new(Arc::new(MemoryStore::new())))
//!     .service(handler);
//!
//! let delivery = platform.payment("ORDER-1", 100);
//! let first = service.clone().oneshot(request("/notify", delivery.clone())).await?;
//! assert_eq!(first.status(), 204);
//!
//! // The repeat is acknowledged; the handler does not run again.
//! let repeat = service.clone().oneshot(request("/notify", delivery)).await?;
//! assert_eq!(repeat.status(), 204);
//!
//! // A forged notification reaches neither the store nor the handler.
//! let mut forged = platform.payment("ORDER-2", 100);
//! forged.body = Bytes::from_static(b"{}");
//! assert_eq!(service.oneshot(request("/notify", forged)).await?.status(), 401);
//! # Ok(()) }
//! ```

mod layer;
mod service;

pub use layer::IdempotencyLayer;
pub use service::{Idempotency, NotHandled, ResponseFuture};
#[doc(inline)]
pub use wechatpay_core::idempotency::*;

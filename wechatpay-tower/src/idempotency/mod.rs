//! Idempotent handling of notifications, around any tower service.
//!
//! ```text
//! server ─ trace ─ Notify ─ Idempotency ─ your handler
//! ```
//!
//! [`Idempotency`] stands inside [`Notify`](crate::notify::Notify). For each verified notification:
//!
//! 1. It takes the lease of the notification in an [`IdempotencyStore`](wechatpay_core::idempotency::IdempotencyStore). If
//!    another handler holds the lease the response is 409; if the store is down it is 503. The platform sends again.
//! 2. A notification that was handled before is acknowledged with 204 and does not reach the service.
//! 3. Otherwise the service runs. Its 2xx is sent only after the completion is durable; any other response releases the lease.
//!
//! A request without a verified notification is answered 500: the layer must stand inside
//! [`NotificationLayer`](crate::NotificationLayer).

mod layer;
mod service;

pub use layer::IdempotencyLayer;
pub use service::{Idempotency, NotHandled, ResponseFuture};
#[doc(inline)]
pub use wechatpay_core::idempotency::*;

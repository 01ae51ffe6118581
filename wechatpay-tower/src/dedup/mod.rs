//! Handling a notification once, around any tower service.
//!
//! ```text
//! server ─ trace ─ Notify ─ HandleOnce ─ your handler
//! ```
//!
//! [`HandleOnce`] stands inside [`Notify`](crate::notify::Notify). It claims the notification in a
//! [`NotificationStore`](wechatpay_core::dedup::NotificationStore), runs the service, and gives its acknowledgement out only
//! after the completion is durable. A repeat is acknowledged and does not reach the service; a copy that is being handled
//! elsewhere is answered 409, a store that is down 503: the platform sends again.

mod layer;
mod service;

pub use layer::DedupLayer;
pub use service::{HandleOnce, NotHandled, ResponseFuture};

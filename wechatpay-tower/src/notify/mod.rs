//! Receiving notifications around any tower service.
//!
//! ```text
//! server ─ trace ─ Notify ─ your handler
//! ```
//!
//! The handler runs only for a notification that was verified and decrypted; it finds it as the request extension
//! [`VerifiedNotification`](wechatpay_core::notify::VerifiedNotification), and the body is given back. Everything else is
//! answered here. Put the layer around the route of the notification only, and nothing that reads or changes the body
//! outside of it.

mod future;
mod layer;
mod receive;
mod rejection;
mod service;

pub use future::ResponseFuture;
pub use layer::NotificationLayer;
pub use receive::receive;
pub use rejection::{Rejected, rejection_response};
pub use service::Notify;
#[doc(inline)]
pub use wechatpay_core::notify::*;

// The code of the README is compiled with that of the root, in `tests`: it needs every feature.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod extract;
mod guard;
mod idempotent;
mod middleware;
mod payload;
mod rejection;
mod serve;
mod source;
#[cfg(feature = "test-util")]
pub mod testing;

pub use ack::{Ack, Nack};
pub use extract::Notification;
pub use guard::IsNotification;
pub use idempotent::{IdempotencyMiddleware, IdempotencyService};
pub use middleware::{NotificationMiddleware, NotificationService};
pub use rejection::{NotificationRejection, Rejected};
pub use serve::serve;

wechatpay_tower::__reexport_face!();

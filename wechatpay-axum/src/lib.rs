// The code of the README is compiled with that of the root, in `tests`: it needs every feature.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod extract;
mod layer;
mod rejection;

pub use ack::{Ack, Nack};
pub use extract::{Notification, SignedNotification};
pub use layer::NotificationLayer;
pub use rejection::NotificationRejection;
#[cfg(feature = "test-util")]
#[doc(inline)]
pub use wechatpay_tower::testing;
#[doc(inline)]
pub use wechatpay_tower::{IdempotencyLayer, notify::Rejected};

wechatpay_tower::__reexport_face!();

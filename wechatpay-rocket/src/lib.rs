// The code of the README is compiled with that of the root, in `tests`: it needs every feature.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod data;
mod fairing;
mod guard;
mod rejected;
mod rejection;
mod source;
#[cfg(feature = "test-util")]
pub mod testing;

pub use ack::{Ack, Nack};
pub use data::Notification;
pub use fairing::NotificationFairing;
pub use guard::Receiver;
pub use rejected::Rejected;
pub use rejection::NotificationRejection;

wechatpay_tower::__reexport_face!();

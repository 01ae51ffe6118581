#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod extract;
mod layer;
mod rejection;

pub use ack::{Ack, Nack};
pub use extract::{Notification, SignedNotification};
pub use layer::NotificationLayer;
pub use rejection::NotificationRejection;
#[doc(inline)]
pub use wechatpay_core::idempotency::idempotent;
#[doc(inline)]
pub use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};
#[doc(inline)]
pub use wechatpay_tower::{IdempotencyLayer, MerchantError, Merchants, WechatPay, notify::Rejected};

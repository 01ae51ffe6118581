#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod extract;
mod guard;
mod idempotency;
mod middleware;
mod payload;
mod rejection;
mod serve;
mod source;

pub use ack::{Ack, Nack};
pub use extract::Notification;
pub use guard::IsNotification;
pub use idempotency::{IdempotencyMiddleware, IdempotencyService};
pub use middleware::{NotificationMiddleware, NotificationService};
pub use rejection::{NotificationRejection, Rejected};
pub use serve::serve;
#[doc(inline)]
pub use wechatpay_core::idempotency::idempotent;
#[doc(inline)]
pub use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};
#[doc(inline)]
pub use wechatpay_tower::{MerchantError, Merchants, WechatPay};

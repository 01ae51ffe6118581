#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ack;
mod data;
mod fairing;
mod guard;
mod rejected;
mod rejection;
mod source;

pub use ack::{Ack, Nack};
pub use data::Notification;
pub use fairing::NotificationFairing;
pub use guard::{Client, Receiver};
pub use rejected::Rejected;
pub use rejection::NotificationRejection;
#[doc(inline)]
pub use wechatpay_core::idempotency::idempotent;
#[doc(inline)]
pub use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};
#[doc(inline)]
pub use wechatpay_tower::{MerchantError, Merchants, WechatPay};

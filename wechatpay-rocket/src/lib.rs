#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod data;
mod fairing;
mod guard;
mod refusal;
mod rejection;
mod source;

pub use answer::{Ack, Refusal};
pub use data::Notification;
pub use fairing::WechatPayFairing;
pub use guard::{Client, Receiver};
pub use refusal::Refused;
pub use rejection::NotificationRejection;
#[doc(inline)]
pub use wechatpay_core::idempotency::idempotent;
#[doc(inline)]
pub use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};
#[doc(inline)]
pub use wechatpay_tower::{MerchantError, Merchants, WechatPay};

// The examples of the README use both features.
#![cfg_attr(all(feature = "bills", feature = "hyper"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "bills", feature = "hyper")),
    doc = "WeChat Pay API v3 (微信支付) as tower layers, and a typed client on top of them."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod buffer;
pub mod client;
#[cfg(feature = "code-pay")]
pub mod code_pay;
mod completed;
#[cfg(feature = "bills")]
pub mod download;
mod error;
mod face;
pub mod failover;
#[cfg(feature = "hyper")]
pub mod hyper;
pub mod idempotency;
mod macros;
pub mod media;
mod merchants;
pub mod notify;
#[cfg(feature = "openid")]
pub mod openid;
mod path;
#[cfg(feature = "hyper")]
pub mod preflight;
mod request_body;
#[cfg(feature = "reqwest")]
pub mod reqwest;
pub mod retry;
pub mod sign;
pub mod verify;
pub mod watch;
mod wechatpay;

pub use body::MaybeBuffered;
pub use client::{CallError, Client};
pub(crate) use completed::polled_after_completion;
pub use error::{Error, NotSent};
pub use failover::FailoverLayer;
pub use idempotency::IdempotencyLayer;
pub use merchants::{MerchantError, Merchants};
pub use notify::NotificationLayer;
pub use request_body::RequestBody;
pub use sign::SignLayer;
pub use verify::VerifyResponseLayer;
pub use wechatpay::WechatPay;
#[cfg(feature = "test-util")]
pub mod testing;
#[doc(hidden)]
pub use wechatpay_core::__private;
#[doc(inline)]
pub use wechatpay_core::{
    BoxError, Clock, Config, ConfigError, ConfigProblem, ConfigProblems, DirectIds, Directory, PartnerIds,
    Settings, api, backoff, bills, crypto, keys, types,
};

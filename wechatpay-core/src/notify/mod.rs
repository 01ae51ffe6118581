//! Receiving notifications (回调通知): verified and decrypted by construction, or rejected with the right status.
//!
//! ```text
//! headers ──begin──▶ Pending ──ready──▶ Ready ──finish(body)──▶ VerifiedNotification ──decode::<T>()──▶ Notification<T>
//!           sync,              finds              RSA, AES-GCM,                          type agreement,
//!           no body byte       the key            merchant check                         typed parse
//! ```
//!
//! [`NotificationReceiver`] does this for every framework: it takes header pairs and bytes, and gives back a status
//! number and constant bytes. No step can be skipped, because each is the only way to the next.

mod ack;
mod confirm;
mod confirm_combined;
mod counters;
mod digest;
mod envelope;
mod error;
mod event_type;
mod headers;
mod json_shape;
#[cfg(feature = "inbox")]
mod kept;
mod kind;
mod merchants;
mod notification;
mod receiver;
mod recipient;
mod report;
mod resource;
mod typed;

pub use ack::{Ack, Nack};
pub use confirm::{Confirmed, Expectation, Mismatch, Payee};
pub use confirm_combined::{
    CombinedDifference, CombinedExpectation, CombinedMismatch, ConfirmedCombined, ConfirmedSubOrder,
    SubOrderExpectation,
};
pub use counters::NotificationCounters;
pub use digest::PlaintextDigest;
pub use error::{NotificationError, Shape};
pub use event_type::EventType;
#[cfg(feature = "inbox")]
pub use kept::KeptNotification;
pub use merchants::{FindMerchant, MerchantReceivers, PendingMerchant};
pub use notification::VerifiedNotification;
pub use receiver::{
    DEFAULT_BODY_LIMIT, LookupReady, NotificationReceiver, NotificationReceiverBuilder, Pending, Ready,
};
pub use resource::{AnyResource, RawResource, Resource};
pub use typed::{AnyNotification, Notification};
pub use wechatpay_macros::Resource;

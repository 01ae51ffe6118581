//! Receiving notifications (回调通知): verify, decrypt, check the merchant, parse.
//!
//! ```text
//! headers ──begin──▶ Pending ──ready──▶ Ready ──finish(body)──▶ VerifiedNotification ──decode::<T>()──▶ Notification<T>
//!           sync,              finds              RSA, AES-GCM,                          type agreement,
//!           no body byte       the key            merchant check                         typed parse
//! ```
//!
//! [`NotificationReceiver`] does this for every framework: it takes header pairs and bytes, and returns a status and
//! constant bytes. Each step is the only way to the next, so none can be skipped.
//!
//! # Contract
//! A notification is accepted if all of these hold. They are checked in this order, and the first failure decides the
//! response.
//!
//! 1. The method is POST, the content type is JSON, there is no content encoding, and the declared length is within the
//!    body limit ([`DEFAULT_BODY_LIMIT`], 256 KiB).
//! 2. Each signature header occurs exactly once and is well-formed. `Wechatpay-Signature-Type` may be absent.
//! 3. The timestamp is within ±300 s of the local clock, and the signature is not a probe (应答探测).
//! 4. The key that `Wechatpay-Serial` names is known or can be fetched, and is valid now.
//! 5. The body arrives within 3 s and within the limit.
//! 6. The RSA signature matches the verbatim header text and the raw body.
//! 7. The envelope is well-formed, and the resource decrypts with the APIv3 key (AES-256-GCM).
//! 8. The resource is for this merchant and, if the receiver lists them, for one of its apps and sub-merchants.
//! 9. [`decode`](VerifiedNotification::decode): event type and original type match the type of the route, and every
//!    deciding member can be read. Other members that cannot be read count as absent.
//!
//! Otherwise it is rejected with a [`NotificationError`]:
//!
//! | Status | Reason |
//! |---|---|
//! | 400 | the body ended early, envelope or resource is malformed, or the resource is of another kind than the route takes |
//! | 401 | signature headers, time window, probe, unknown or expired key, or wrong signature |
//! | 403 | genuine, but for another merchant, app or sub-merchant |
//! | 404 | the route names an unknown merchant ([`MerchantReceivers`]) |
//! | 405 | not POST |
//! | 408 | the body did not arrive in time |
//! | 413 | the body is too large |
//! | 415 | not JSON, or a content encoding |
//! | 500 | the APIv3 key is wrong, no handler takes this kind, or the handler returned a 2xx without [`Ack`] |
//! | 503 | the key could not be fetched now |
//!
//! The body is constant for each status, `{"code":"FAIL","message":…}`; only a resource of another kind has a body of
//! its own. The platform sends a notification again after every status but 2xx, up to 16 times. A handler returns
//! [`Ack`] (204) after its work is durable, else a [`Nack`].
//!
//! # Deployment
//! * A proxy must pass the raw body and the `Wechatpay-*` headers unchanged: no decompression, no rewritten JSON.
//! * Keep the clock of the host synchronised (NTP). A skew of more than 300 s rejects every notification.
//! * The platform waits five seconds for the response.
//! * A genuine notification may be a repeat, and notifications arrive in any order: use
//!   [`idempotency`](crate::idempotency), and [`confirm`](Notification::confirm) a payment against your order.
//!
//! # Examples
//! ```
//! # #[cfg(feature = "test-util")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use wechatpay_core::testing::FakePlatform;
//! # let platform = FakePlatform::new();
//! # let receiver = platform.receiver();
//! # let delivery = platform.refund("ORDER-1", "REFUND-1", 100);
//! use wechatpay_core::notify::{AnyNotification, AnyResource, Nack};
//!
//! let ready = receiver.begin("POST", delivery.pairs())?.ready().await?;
//! let notification = ready.finish(delivery.body.clone())?.decode::<AnyResource>()?;
//! match notification.by_kind() {
//!     AnyNotification::Refund(refund) => assert_eq!(refund.out_refund_no, "REFUND-1"),
//!     other => panic!("not a refund: {other:?}"),
//! }
//!
//! let tampered = receiver.begin("POST", delivery.pairs())?.ready().await?.finish("{}".into());
//! assert_eq!(Nack::from(&tampered.unwrap_err()).status(), 401);
//! # Ok(()) }
//! # #[cfg(not(feature = "test-util"))]
//! # fn main() {}
//! ```

mod ack;
mod any;
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
pub use any::{AnyNotification, AnyResource, RawResource};
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
pub use resource::Resource;
pub use typed::Notification;
pub use wechatpay_macros::Resource;

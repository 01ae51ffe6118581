//! Middleware that passes only verified and decrypted notifications (回调通知) to a handler.
//!
//! ```text
//! server ─ trace ─ Notify ─ [Idempotency] ─ your handler
//! ```
//!
//! # Contract
//! A request is passed on if the [receiver](NotificationReceiver) accepts it: method, headers, size, time, signature,
//! decryption and merchant are right. [`wechatpay_core::notify`] lists each check and its status. The checks of the
//! headers come before the body is read.
//!
//! 1. A request that is passed on carries the extension [`VerifiedNotification`] and its unchanged body.
//! 2. A request that is not accepted does not reach the handler. The response has the status of the failed check (400,
//!    401, 403, 404, 405, 408, 413, 415, 500 or 503), a constant JSON body, and the extension [`Rejected`] with the
//!    reason.
//! 3. The handler's [`Ack`] and each of its responses that is not 2xx pass unchanged.
//! 4. A 2xx of the handler without [`Ack`] becomes 500, so that a notification cannot get lost by a forgotten check.
//!
//! The platform sends a notification again after every status but 2xx.
//!
//! # Deployment
//! - Put the layer around the route of notifications only, and nothing outside it that reads or changes the body.
//! - The reasons are logged under the target `wechatpay::notify`: ERROR for each notification that was verified and
//!   then rejected, WARN at most once per reason and minute for the others. Install a `tracing` subscriber.
//! - A genuine notification may be a repeat: add [`IdempotencyLayer`](crate::IdempotencyLayer), and
//!   [`confirm`](Notification::confirm) a payment against your order.
//!
//! # Examples
//! ```
//! use std::convert::Infallible;
//!
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{ServiceExt as _, service_fn};
//! use wechatpay_tower::{
//!     MaybeBuffered,
//!     api::transactions::Transaction,
//!     notify::{Ack, Nack, Notify, VerifiedNotification},
//!     testing::{FakePlatform, request},
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let platform = FakePlatform::new();
//! let handler = service_fn(|request: Request<MaybeBuffered<Full<Bytes>>>| async move {
//!     let notification = request.extensions().get::<VerifiedNotification>().cloned();
//!     match notification.map(VerifiedNotification::decode::<Transaction>) {
//!         Some(Ok(paid)) if paid.out_trade_no == "ORDER-1" => {
//!             Ok::<Response<Full<Bytes>>, Infallible>(Ack.into_response())
//!         }
//!         _ => Ok(Response::builder().status(Nack::mismatch().status()).body(Full::default()).unwrap()),
//!     }
//! });
//! let service = Notify::new(handler, platform.receiver());
//!
//! let genuine = platform.payment("ORDER-1", 100);
//! assert_eq!(service.clone().oneshot(request("/notify", genuine)).await?.status(), 204);
//!
//! // A body that was changed is rejected and does not reach the handler.
//! let mut tampered = platform.payment("ORDER-1", 100);
//! tampered.body = Bytes::from_static(b"{}");
//! assert_eq!(service.oneshot(request("/notify", tampered)).await?.status(), 401);
//! # Ok(()) }
//! ```

mod future;
mod layer;
mod receive;
mod rejection;
mod service;

pub use future::ResponseFuture;
pub use layer::NotificationLayer;
pub use receive::receive;
pub use rejection::{Rejected, rejection_response};
pub use service::Notify;
#[doc(inline)]
pub use wechatpay_core::notify::*;

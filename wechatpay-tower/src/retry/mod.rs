//! Retries of the typed client.
//!
//! ```text
//! Client ─ deadline ─ retry ─ Failover ─ VerifyResponse ─ Sign ─ transport
//! ```
//!
//! # Contract
//! A call is sent again if its request allows it, attempts and budget are left, and the pause ends within the
//! deadline. Otherwise the call fails with its last error.
//!
//! 1. The request declares its [`Idempotency`](wechatpay_core::api::Idempotency), which decides with the failure:
//!
//! | | not sent | 429 | 500 | 502, 503, 504 | lost, late, unverifiable |
//! |---|---|---|---|---|---|
//! | `Safe`: reads | yes | yes | yes | yes | yes |
//! | `ByNumber`: writes with a business number | yes | yes, except refunds | yes, except `INVALID_TRANSACTIONID`, `OPENID_MISMATCH` | yes | yes |
//! | `No`: other writes | yes | no | no | no | no |
//!
//! 2. A refund that was throttled (429) may have been accepted: query it first.
//! 3. A write is repeated byte for byte, with the same business number. Each attempt is signed again.
//! 4. An attempt that may have taken effect is remembered. If a later one cannot be sent or is refused, the outcome is
//!    still *unknown*; only a verified success settles it.
//! 5. After a broken connection and after 502, 503 and 504 the next attempt goes to the other host, if there is one.
//! 6. Pauses double and are jittered. After a 429 they are five times as long.
//! 7. The deadline of the call covers all attempts.
//! 8. All calls of a client share a [`RetryBudget`], so that an outage does not multiply the traffic.
//!
//! # Deployment
//! - Add no retry of your own around writes: it would not know which attempts may have taken effect.
//! - Clones of a [`RetryPolicy`] share the budget.
//!
//! `tower::retry::budget` and `tower::retry::backoff` are not used. `TpsBudget` grants retries per second during an
//! outage too, forgets earned ones after at most a minute, and panics on settings out of range; [`RetryBudget`] is a
//! stock that is used up once. `ExponentialBackoff` returns a timer instead of a duration, so a call could not know in
//! advance whether the pause ends within its deadline; it also has no longer pause after a 429.
//!
//! # Examples
//! ```
//! use std::{io, time::Duration};
//!
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::service_fn;
//! use wechatpay_tower::{
//!     Client, MaybeBuffered, RequestBody,
//!     api::{Endpoint, transactions::QueryByOutTradeNo},
//!     client::Outcome,
//!     retry::RetryPolicy,
//!     testing::FakePlatform,
//!     verify::Verifier,
//! };
//!
//! /// Completes a complaint (反馈处理完成): a write without a business number.
//! #[derive(Clone, Endpoint)]
//! #[endpoint(POST, "/v3/merchant-service/complaints-v2/{complaint_id}/complete")]
//! struct CompleteComplaint { complaint_id: String, complainted_mchid: String }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let platform = FakePlatform::new();
//! // Each request is sent, and each connection breaks before the response.
//! let transport = service_fn(|_: Request<MaybeBuffered<RequestBody>>| async {
//!     Err::<Response<Full<Bytes>>, _>(io::Error::from(io::ErrorKind::ConnectionReset))
//! });
//! let millisecond = Duration::from_millis(1);
//! let client = Client::builder(platform.request_signer())
//!     .retry(RetryPolicy::default().max_attempts(5).backoff(millisecond, millisecond))
//!     .service(transport, Verifier::new(platform.key_store()))?;
//!
//! // A read is repeated.
//! let query = QueryByOutTradeNo::new("1900000001".parse()?, "ORDER-1".parse()?);
//! assert_eq!(client.call(&query).await.unwrap_err().attempts().count(), 5);
//!
//! // A write that the platform would not recognise is not: it may have been carried out.
//! let error = client.call(&CompleteComplaint::new("1".into(), "1900000001".into())).await.unwrap_err();
//! assert_eq!((error.attempts().count(), error.outcome()), (1, Outcome::Unknown));
//! # Ok(()) }
//! ```

mod attempts;
mod backoff;
mod budget;
mod decision;
mod policy;

pub(crate) use attempts::{AttemptsLeft, CallKind};
pub use budget::RetryBudget;
pub use policy::RetryPolicy;

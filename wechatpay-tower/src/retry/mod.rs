//! Sending again what may be sent again.
//!
//! The typed client repeats a call whose response is lost, late, not to be trusted, or an apology of the platform. What may be
//! repeated depends on the request, which says so itself ([`Idempotency`](wechatpay_core::api::Idempotency)):
//!
//! | | not sent | 429 | 500 | 502, 503, 504 | lost, late, unverifiable |
//! |---|---|---|---|---|---|
//! | `Safe`: reads | yes | yes | yes | yes | yes |
//! | `ByNumber`: writes that carry a business number | yes | yes, refunds excepted | `INVALID_TRANSACTIONID`, `OPENID_MISMATCH` excepted | yes | yes |
//! | `No`: any other write | yes | no | no | no | no |
//!
//! A refund that was throttled may have been accepted: query it first. A write is repeated byte for byte, so under the same
//! business number; nothing here ever makes a new one. Each attempt is signed anew.
//!
//! An attempt that may have taken effect is not forgotten: when a later one cannot be sent or is refused, the outcome is still
//! unknown. Only a verified success settles it. After a broken connection, and after 502, 503 and 504, the next attempt goes
//! to the other host, if there is one.
//!
//! Pauses grow and are jittered, the deadline of the call covers all attempts, and a budget that all calls of a client share
//! keeps an outage from being answered with a multiple of the traffic.
//!
//! `tower::retry::budget` and `tower::retry::backoff` are not used. `TpsBudget` grants a minimum of repeats per second also
//! while an outage lasts, forgets what was earned after at most a minute, and panics on settings out of range;
//! [`RetryBudget`] is a stock that is used up once. `ExponentialBackoff` gives a timer instead of a duration, so a call could
//! not know before it waits whether the pause ends within its deadline, and it has no longer pause after a 429.
//!
//! ```
//! use std::time::Duration;
//! use wechatpay_tower::retry::RetryPolicy;
//!
//! let patient = RetryPolicy::default().max_attempts(5).attempt_timeout(Duration::from_secs(5));
//! let none = RetryPolicy::none();
//! assert_eq!((patient.attempts(), none.attempts()), (5, 1));
//! ```

mod attempts;
mod backoff;
mod budget;
mod decision;
mod policy;

pub(crate) use attempts::{AttemptsLeft, CallKind};
pub use budget::RetryBudget;
pub use policy::RetryPolicy;

//! Another entry to the gateway when the first cannot be reached.
//!
//! ```text
//! your code ─ deadline ─ retry ─ Failover ─ VerifyResponse ─ Sign ─ transport
//! ```
//!
//! The platform has a main host and a backup, `api2.mch.weixin.qq.com`, that serves the same API. [`Failover`] sends a request
//! to the backup when there was no connection (no name, no route, no TLS): nobody has seen the request. All requests then stay
//! with the backup for some minutes; one of them tries the main host again, and the others follow when that was answered.
//!
//! A request whose bytes were written is never sent again here, because it may have been carried out: a backup that refuses it
//! or cannot be reached does not change that. Sending it again is up to the [retry](crate::retry), which remembers what an
//! earlier attempt may have done. It adds the extension [`UseBackupHost`] after a broken connection and after 502, 503 and 504; such
//! a request goes to the other host and leaves the rest where they are. Responses, whatever their status, do not make the layer
//! switch.
//!
//! The layer stands outside [`Sign`](crate::sign::Sign), so a request is signed anew for the other host, which must be on the
//! list of [`AllowedHosts`](crate::sign::AllowedHosts). It changes requests to the main host only; others pass untouched. The
//! typed client brings it along.

mod base;
mod future;
mod hosts;
mod layer;
mod service;

pub(crate) use base::Base;
pub use future::ResponseFuture;
pub use layer::{DEFAULT_STAY, FailoverLayer};
pub use service::Failover;

/// Request extension: sends this one request to the host after the one in use, if there is another. The client sets it when
/// it repeats a call whose connection broke, or that was answered 502, 503 or 504.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UseBackupHost;

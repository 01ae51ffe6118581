//! Middleware that sends requests to a backup host if the main host is unreachable.
//!
//! ```text
//! your code ─ deadline ─ retry ─ Failover ─ VerifyResponse ─ Sign ─ transport
//! ```
//!
//! The platform has a main host and a backup, `api2.mch.weixin.qq.com`, which serves the same API.
//!
//! # Contract
//! 1. A request to another host than the main host passes unchanged.
//! 2. A request to the main host goes to the host in use. The main host is in use first.
//! 3. If no connection was made (no name, no route, no TLS), the request was not sent. It goes to the next host, and
//!    all further requests do. Each host is tried once.
//! 4. If the connection broke after the request was sent, the request fails: it may have been carried out, and a
//!    backup cannot tell. Repeating it is up to the [retry](crate::retry), which remembers the possible effect of
//!    earlier attempts.
//! 5. A response passes, whatever its status. It never makes the layer switch hosts.
//! 6. While a backup is in use, one request every [`DEFAULT_STAY`] goes to the main host. If the main host is reached,
//!    all requests return to it.
//! 7. A request with the extension [`UseBackupHost`] goes to the host after the one in use. Other requests stay where
//!    they are. The retry adds the extension after a broken connection and after 502, 503 and 504.
//!
//! # Deployment
//! - The layer stands outside [`Sign`](crate::sign::Sign), so that a request is signed again for the other host.
//! - Each host must be on the list of [`AllowedHosts`](crate::sign::AllowedHosts), and firewalls must let it through.
//! - The typed client contains the layer.
//!
//! # Examples
//! ```
//! use std::{io, time::Duration};
//!
//! use http::{Request, Response};
//! use tower::{ServiceExt as _, service_fn};
//! use wechatpay_tower::{Error, NotSent, failover::Failover};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The main host is down; the transport reports that nothing was sent.
//! let transport = service_fn(|request: Request<()>| async move {
//!     match request.uri().host() {
//!         Some("backup.example") => Ok(Response::new("from the backup")),
//!         _ => Err(NotSent(io::Error::from(io::ErrorKind::ConnectionRefused).into())),
//!     }
//! });
//! let service = Failover::new(
//!     transport,
//!     "https://main.example",
//!     ["https://backup.example"],
//!     Duration::from_secs(300),
//! )?;
//! let request = Request::get("https://main.example/v3/certificates").body(())?;
//! assert_eq!(service.oneshot(request).await?.into_body(), "from the backup");
//!
//! // The connection broke after the request was sent: the outcome is unknown, and no other host is tried.
//! let transport = service_fn(|_: Request<()>| async {
//!     Err::<Response<()>, _>(io::Error::from(io::ErrorKind::ConnectionReset))
//! });
//! let service = Failover::new(
//!     transport,
//!     "https://main.example",
//!     ["https://backup.example"],
//!     Duration::from_secs(300),
//! )?;
//! let request = Request::get("https://main.example/v3/certificates").body(())?;
//! assert!(matches!(service.oneshot(request).await, Err(Error::Service(_))));
//! # Ok(()) }
//! ```

mod base;
mod future;
mod hosts;
mod layer;
mod service;

pub(crate) use base::Base;
pub use future::ResponseFuture;
pub use layer::{DEFAULT_STAY, FailoverLayer};
pub use service::Failover;

/// Request extension that sends one request to the host after the one in use.
///
/// The client sets it when it repeats a call whose connection broke or whose response was 502, 503 or 504. It has no
/// effect if there is only one host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UseBackupHost;

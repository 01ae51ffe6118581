//! Middleware that signs outgoing requests (请求签名).
//!
//! ```text
//! your code ─ deadline ─ retry ─ VerifyResponse ─ Sign ─ [decompression] ─ transport
//! ```
//!
//! # Contract
//! A request is signed and passed on if all of these hold:
//!
//! 1. Its host is on the list of [`AllowedHosts`]; otherwise it fails with
//!    [`HostNotAllowed`](crate::Error::HostNotAllowed).
//! 2. No segment of its path is `.` or `..` in any spelling; otherwise it fails with
//!    [`TargetRewritten`](crate::Error::TargetRewritten). Clients and proxies resolve such segments, and then another
//!    path arrives than was signed.
//! 3. Its body is within the limit ([`DEFAULT_BODY_LIMIT`], 4 MiB) and can be read; otherwise it fails with
//!    [`RequestTooLarge`](crate::Error::RequestTooLarge) or [`RequestBody`](crate::Error::RequestBody). A request with
//!    the extension [`SignedPayload`] is signed over that text, and its body streams.
//! 4. The signer signs; otherwise it fails with [`Error::Sign`](crate::Error::Sign).
//!
//! In each of these failures nothing is sent. The layer sets `Authorization`, and `Accept`, `User-Agent`,
//! `Content-Type` and `Wechatpay-Serial` if they are missing.
//!
//! # Deployment
//! - Nothing inside the layer may change method, URI, body or `Authorization`.
//! - A retry stands outside, so that every attempt is signed again.
//! - Redirects must be off in the transport: a redirected request would carry a signature for another path.
//! - Keep the clock of the host synchronised (NTP): the platform accepts a signature for five minutes.
//!
//! # Examples
//! ```
//! use std::convert::Infallible;
//!
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use tower::{ServiceExt as _, service_fn};
//! use wechatpay_tower::{Error, MaybeBuffered, sign::Sign, testing::FakePlatform};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let signer = FakePlatform::new().request_signer();
//! let transport = service_fn(|request: Request<MaybeBuffered<Full<Bytes>>>| async move {
//!     assert!(request.headers()["authorization"].to_str().unwrap().starts_with("WECHATPAY2-SHA256-RSA2048 "));
//!     Ok::<_, Infallible>(Response::new(()))
//! });
//! let service = Sign::new(transport, signer);
//!
//! let request = Request::get("https://api.mch.weixin.qq.com/v3/certificates").body(Full::<Bytes>::default())?;
//! assert_eq!(service.clone().oneshot(request).await?.status(), 200);
//!
//! // A signature for another host is never made.
//! let request = Request::get("https://attacker.example/v3/certificates").body(Full::<Bytes>::default())?;
//! assert!(matches!(service.oneshot(request).await, Err(Error::HostNotAllowed { .. })));
//! # Ok(()) }
//! ```

mod future;
mod hosts;
mod layer;
mod payload;
mod service;

pub use future::ResponseFuture;
pub use hosts::AllowedHosts;
pub use layer::{DEFAULT_BODY_LIMIT, SignLayer};
pub use payload::SignedPayload;
pub use service::Sign;
#[doc(inline)]
pub use wechatpay_core::sign::*;

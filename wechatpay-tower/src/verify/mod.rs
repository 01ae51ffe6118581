//! Middleware that verifies the signature of responses (应答验签).
//!
//! ```text
//! your code ─ deadline ─ retry ─ VerifyResponse ─ Sign ─ [decompression] ─ transport
//! ```
//!
//! # Contract
//! 1. A 2xx response is passed on if it has no content encoding, its signature headers are well-formed and in time,
//!    its key is known and valid, its body is within the limit ([`DEFAULT_BODY_LIMIT`], 8 MiB), and the signature
//!    matches the body. It carries the extension [`Verified<Bytes>`](wechatpay_core::verify::Verified), the proof with
//!    the body.
//! 2. A 2xx response that fails a check is an error: [`ResponseEncoded`](crate::Error::ResponseEncoded),
//!    [`Verify`](crate::Error::Verify), [`ResponseTooLarge`](crate::Error::ResponseTooLarge) or
//!    [`ResponseBody`](crate::Error::ResponseBody). The outcome of the request is then unknown.
//! 3. Other responses pass. If one cannot be verified it carries the extension [`Unverified`], except that a body
//!    which is too large or breaks off is an error. The platform signs an error only if the request's own signature
//!    was good, and gateways in between never sign.
//! 4. A response to a request with [`ResponsePolicy::Stream`] passes without verification and carries [`Unverified`].
//!
//! Never let an [`Unverified`] response decide about money.
//!
//! # Deployment
//! - The layer stands outside [`Sign`](crate::sign::Sign), and outside any decompression: the signature covers the
//!   bytes on the wire.
//! - Keep the clock of the host synchronised (NTP): a skew of more than 300 s makes every response an error.
//!
//! # Examples
//! ```
//! use std::convert::Infallible;
//!
//! use bytes::Bytes;
//! use http::{HeaderName, HeaderValue, Request, Response};
//! use http_body_util::Full;
//! use tower::{ServiceExt as _, service_fn};
//! use wechatpay_tower::{
//!     Error,
//!     testing::FakePlatform,
//!     verify::{Verified, Verifier, VerifyResponse},
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let platform = FakePlatform::new();
//! # let verifier = Verifier::new(platform.key_store());
//! // Signs its body, or another one for the path `/v3/forged`.
//! let gateway = service_fn(move |request: Request<()>| {
//!     let signed: &[u8] = if request.uri().path() == "/v3/forged" { b"another" } else { b"{}" };
//!     let mut response = Response::new(Full::new(Bytes::from_static(b"{}")));
//!     for (name, value) in platform.sign(signed) {
//!         let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
//!         response.headers_mut().insert(name, HeaderValue::from_bytes(&value).unwrap());
//!     }
//!     std::future::ready(Ok::<_, Infallible>(response))
//! });
//! let service = VerifyResponse::new(gateway, verifier);
//!
//! let request = Request::get("https://api.mch.weixin.qq.com/v3/certificates").body(())?;
//! let response = service.clone().oneshot(request).await?;
//! assert!(response.extensions().get::<Verified<Bytes>>().is_some());
//!
//! // A signature that does not match the body is an error, although the status is 200.
//! let request = Request::get("https://api.mch.weixin.qq.com/v3/forged").body(())?;
//! assert!(matches!(service.oneshot(request).await, Err(Error::Verify(_))));
//! # Ok(()) }
//! ```

mod future;
mod layer;
mod policy;
mod service;

pub use future::ResponseFuture;
pub use layer::{DEFAULT_BODY_LIMIT, VerifyResponseLayer};
pub use policy::{ResponsePolicy, Unverified};
pub use service::VerifyResponse;
#[doc(inline)]
pub use wechatpay_core::verify::*;

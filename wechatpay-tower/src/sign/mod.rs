//! Signing outgoing requests.
//!
//! ```text
//! your code ─ deadline ─ retry ─ VerifyResponse ─ Sign ─ [decompression] ─ transport
//! ```
//!
//! Nothing that changes method, URI, body or `Authorization` may stand inside [`Sign`]; a retry stands outside, so that
//! every attempt is signed anew. Redirects must be off in the transport: a followed redirect would carry a signature for
//! another path.

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

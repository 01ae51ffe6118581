//! Verifying responses.
//!
//! A 2xx response that is not signed, or not by a key of the platform, is an error. Other statuses pass, marked: the platform
//! signs an error only when the request's own signature was good, and a gateway in between never does.

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

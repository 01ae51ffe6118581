//! The endpoints of API v3 as plain data: a request type knows its method, path and body, and the type of its answer.
//! Nothing here sends anything; the client of `wechatpay-tower` does.
//!
//! What has no type yet is ten lines in your own code:
//!
//! ```
//! use http::Method;
//! use wechatpay_core::api::{Endpoint, Path};
//!
//! /// `POST /v3/security/echo`.
//! #[derive(Clone, serde::Serialize)]
//! struct Echo { message: String }
//!
//! impl Endpoint for Echo {
//!     const METHOD: Method = Method::POST;
//!     const TEMPLATE: &'static str = "/v3/security/echo";
//!     type Body<'a> = &'a Self;
//!     type Response = serde_json::Value;
//!
//!     fn path(&self) -> Path { Path::new("/v3/security/echo") }
//!     fn body(&self) -> Option<&Self> { Some(self) }
//! }
//! ```

pub mod certificates;
pub mod combine;
mod endpoint;
mod error_body;
mod lenient;
pub mod partner;
mod path;
pub mod prepay;
pub mod refunds;
pub mod transactions;
mod value;

pub use endpoint::{EchoMismatch, Endpoint, Idempotency};
pub use error_body::{ErrorBody, GatewayCode, RequestId};
pub use path::Path;
pub(crate) use lenient::{empty_is_none, null_is_default};
pub(crate) use path::percent_encode;
pub(crate) use value::{Given, Value, may_repeat, repeats};

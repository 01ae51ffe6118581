//! The endpoints of API v3 as plain data: a request type knows its method, path and body, and the type of its answer.
//! Nothing here sends anything; the client of `wechatpay-tower` does.
//!
//! What has no type yet is ten lines in your own code:
//!
//! ```
//! use http::Method;
//! use wechatpay_core::api::{Endpoint, Path};
//!
//! /// `POST /v3/merchant-service/complaints-v2/{complaint_id}/complete`.
//! #[derive(Clone, serde::Serialize)]
//! struct Complete { #[serde(skip)] complaint_id: String, complainted_mchid: String }
//!
//! impl Endpoint for Complete {
//!     const METHOD: Method = Method::POST;
//!     const TEMPLATE: &'static str = "/v3/merchant-service/complaints-v2/{complaint_id}/complete";
//!     type Body<'a> = &'a Self;
//!     type Response = ();
//!
//!     fn path(&self) -> Path {
//!         Path::new("/v3/merchant-service/complaints-v2").segment(&self.complaint_id).segment("complete")
//!     }
//!     fn body(&self) -> Option<&Self> { Some(self) }
//! }
//! ```

pub mod bills;
pub mod certificates;
pub mod combine;
pub mod ecommerce;
mod endpoint;
mod error_body;
pub mod funds;
mod lenient;
pub mod media;
pub mod partner;
mod path;
pub mod prepay;
pub mod profit_sharing;
pub mod refunds;
pub mod security;
pub mod settlement;
pub mod transactions;
mod value;

pub use endpoint::{EchoMismatch, Endpoint, Idempotency};
pub use error_body::{ErrorBody, GatewayCode, RequestId};
pub(crate) use lenient::{empty_is_none, null_is_default};
pub use path::Path;
pub(crate) use value::{Given, Value, may_repeat, repeats};

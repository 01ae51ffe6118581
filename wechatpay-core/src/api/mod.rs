//! The endpoints of API v3 as plain data: a request type knows its method, path and body, and the type of its response.
//! Nothing here sends anything; the client of `wechatpay-tower` does.
//!
//! An endpoint without a type here is a few lines in your own code, written with the same derives:
//!
//! ```
//! use wechatpay_core::api::Endpoint;
//!
//! /// Completes a complaint (反馈处理完成).
//! #[derive(Clone, Endpoint)]
//! #[endpoint(POST, "/v3/merchant-service/complaints-v2/{complaint_id}/complete")]
//! struct CompleteComplaint { complaint_id: String, complainted_mchid: String }
//!
//! let complete = CompleteComplaint::new("200201820200101080076610000".into(), "1900012181".into());
//! assert_eq!(serde_json::to_string(&complete)?, r#"{"complainted_mchid":"1900012181"}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! Think of three things beyond path and fields: `idempotency`, without which the client does not repeat a POST whose
//! outcome is unknown; `echo`, since the signature of a response does not cover the request; and sensitive fields, which
//! are of type [`Sensitive`](crate::types::Sensitive) and encrypted by the client. The README of `wechatpay-tower` shows all
//! of them.

pub mod applyments;
pub mod bills;
pub mod certificates;
pub mod combine;
pub(crate) mod echo;
mod endpoint;
mod error_body;
pub mod funds;
pub mod media;
mod path;
pub mod prepay;
pub mod profit_sharing;
pub mod refunds;
pub mod security;
pub mod settlement;
pub mod subsidies;
pub mod transactions;

pub use endpoint::{EchoMismatch, Endpoint, Idempotency};
pub use error_body::{ErrorBody, GatewayCode, RequestId};
pub use path::{Path, QueryPairs};
pub use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

pub use crate::types::{response_field::ResponseField, scalar::Scalar};

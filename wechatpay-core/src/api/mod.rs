//! Endpoints of API v3 as plain data: method, path, body and response type.
//!
//! Nothing here performs I/O; the client of `wechatpay-tower` sends the requests: `client.call(&request).await` returns
//! the endpoint's [`Response`](Endpoint::Response).
//!
//! | Family | Module |
//! |---|---|
//! | Place orders (下单) | [`prepay`], [`combine`] |
//! | Query and close orders | [`transactions`] |
//! | Refunds (退款) | [`refunds`], for e-commerce [`refunds::ecommerce`] |
//! | Profit sharing (分账) | [`profit_sharing`], for e-commerce [`profit_sharing::ecommerce`] |
//! | Subsidies (补差) | [`subsidies`] |
//! | Balances and withdrawals | [`funds`] |
//! | Onboarding (进件) and settlement accounts | [`applyments`], [`settlement`], [`media`] |
//! | Banks, branches and areas (银行组件) | `capital` (feature) |
//! | Punishments of sub-merchants (商户违规通知) | `violations` (feature) |
//! | Sub-merchants of one subject (指定主体子商户) | `sub_merchants` (feature) |
//! | Money that could not be credited (在途异常资金) | `abnormal_funds` (feature) |
//! | Payment by a code that the payer shows (付款码支付) | `code_pay` (feature) |
//! | Transfers to users (商家转账) | `transfers` (feature) |
//! | Bill files (账单) | [`bills`] |
//! | Certificates, self-test | [`certificates`], [`security`] |
//!
//! An endpoint without a type here takes a few lines in your own code, with the same derives:
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
//! Consider three things besides path and fields. Without `idempotency`, the client does not retry a POST whose outcome
//! is unknown. Without `echo`, a swapped response is not noticed, because its signature does not cover the request.
//! Fields of type [`Sensitive`](crate::types::Sensitive) are encrypted by the client. The README of `wechatpay-tower`
//! shows all of them.

#[cfg(feature = "abnormal-funds")]
pub mod abnormal_funds;
pub mod applyments;
pub mod bills;
#[cfg(feature = "capital")]
pub mod capital;
pub mod certificates;
#[cfg(feature = "code-pay")]
pub mod code_pay;
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
#[cfg(feature = "sub-merchants")]
pub mod sub_merchants;
pub mod subsidies;
pub mod transactions;
#[cfg(feature = "transfers")]
pub mod transfers;
#[cfg(feature = "violations")]
pub mod violations;

pub use endpoint::{EchoMismatch, Endpoint, Idempotency};
pub use error_body::{ErrorBody, GatewayCode, RequestId};
pub use path::{Path, QueryPairs};
pub use wechatpay_macros::{Endpoint, RequestPart, Response, open_enum};

pub use crate::types::{response_field::ResponseField, scalar::Scalar};

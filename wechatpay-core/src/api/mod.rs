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
//! | Complaints of payers (消费者投诉) | `complaints` (feature) |
//! | Limitations of merchants (商户管控) | `limitations` (feature) |
//! | Pay after service, by score (微信支付分) | `payscore` (feature) |
//! | Coupons (代金券) | `coupons` (feature) |
//! | Transfers of sub-merchants to users (电商平台转账) | `ecommerce_transfers` (feature) |
//! | Deductions of combined orders by contract (合单委托代扣) | `combined_deduction` (feature) |
//! | Persons who receive money on a platform (个人收款方) | `personal_receivers` (feature) |
//! | Closing of sub-merchants (二级商户注销) | `sub_merchant_closing` (feature) |
//! | Recharges of sub-merchants (二级商户充值) | `sub_merchant_recharge` (feature) |
//! | Deposits, claims and compensation (保证金、理赔、赔付) | `deposits` (feature) |
//! | Onboarding of a partner's merchants (特约商户进件) | `applyment4sub` (feature) |
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
#[cfg(feature = "applyment4sub")]
pub mod applyment4sub;
pub mod applyments;
pub mod bills;
#[cfg(feature = "capital")]
pub mod capital;
pub mod certificates;
#[cfg(feature = "code-pay")]
pub mod code_pay;
pub mod combine;
#[cfg(feature = "combined-deduction")]
pub mod combined_deduction;
#[cfg(feature = "complaints")]
pub mod complaints;
#[cfg(feature = "coupons")]
pub mod coupons;
#[cfg(feature = "deposits")]
pub mod deposits;
pub(crate) mod echo;
#[cfg(feature = "ecommerce-transfers")]
pub mod ecommerce_transfers;
mod endpoint;
mod error_body;
pub mod funds;
#[cfg(feature = "limitations")]
pub mod limitations;
pub mod media;
mod path;
#[cfg(feature = "payscore")]
pub mod payscore;
#[cfg(feature = "personal-receivers")]
pub mod personal_receivers;
pub mod prepay;
pub mod profit_sharing;
pub mod refunds;
pub mod security;
pub mod settlement;
#[cfg(feature = "sub-merchant-closing")]
pub mod sub_merchant_closing;
#[cfg(feature = "sub-merchant-recharge")]
pub mod sub_merchant_recharge;
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

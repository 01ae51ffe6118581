//! Refunds of an e-commerce platform's sub-merchants and personal receivers (电商收付通退款).
//!
//! The response to [`Apply`] has **no status**: it only means that the refund was accepted. The notification
//! ([`RefundNotice`](crate::api::refunds::RefundNotice)) or a query states the outcome. The same `out_refund_no` is the
//! same refund: retry a failed or lost request under its number. Money that was shared must be returned first
//! ([`profit_sharing::ecommerce`](crate::api::profit_sharing::ecommerce)), or the refund is paid from the available
//! balance.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::refunds::ecommerce::{Apply, AppliedRefund, QueryByOutRefundNo, RefundAmount};
//! use wechatpay_core::types::{Fen, Mchid, OutTradeNo};
//!
//! let sub_mchid: Mchid = "1900000109".parse()?;
//! let order: OutTradeNo = "ORDER-0001".parse()?;
//! let amount = RefundAmount::cny(Fen::new(100)?, Fen::new(990)?);
//! let refund = Apply::new(sub_mchid.clone(), "wxd678efh567hg6787".parse()?, order, "REFUND-0001".parse()?, amount);
//!
//! // The client returns an `AppliedRefund`; the query, a minute later, returns a `Refund` with its status.
//! let accepted: AppliedRefund = serde_json::from_str(
//!     r#"{"refund_id":"50000001","out_refund_no":"REFUND-0001","amount":{"refund":100}}"#)?;
//! let query = QueryByOutRefundNo::new(accepted.out_refund_no, sub_mchid);
//! # assert_eq!(serde_json::to_value(&refund)?["sub_mchid"], "1900000109");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! All other merchants refund with [`refunds`](crate::api::refunds), which has types of the same names.
//!
//! Pages: 申请退款, 查询单笔退款, 垫付退款回补, 查询垫付回补结果, 发起异常退款.

mod abnormal;
mod advance;
mod apply;
mod payee;
mod query;

pub use abnormal::ApplyAbnormal;
pub use advance::{AdvanceAccount, AdvanceReturn, AdvanceReturnResult, QueryAdvanceReturn, ReturnAdvance};
pub use apply::{AppliedRefund, Apply, RefundAmount};
pub use payee::RefundedPayee;
pub use query::{QueryById, QueryByOutRefundNo, Refund, RefundedAmount};

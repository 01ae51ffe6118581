//! Refunds of a platform's sub-merchants and personal receivers (电商收付通退款).
//!
//! The response to applying has **no status**: it says only that the refund was accepted. How it ends is told by the
//! notification ([`RefundNotice`](crate::api::refunds::RefundNotice)) or by a query. The same `out_refund_no` is the same
//! refund: whatever failed or was lost is repeated under its number. Money that was shared out must be returned first
//! ([`profit_sharing::ecommerce`](crate::api::profit_sharing::ecommerce)), or the refund be paid from the available balance.
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

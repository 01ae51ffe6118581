//! Refunds (退款) of a direct merchant and of an ordinary service provider; and the notification that all refunds share.
//!
//! A platform refunds for its sub-merchants with [`refunds::ecommerce`](ecommerce) instead.
//!
//! A response says only that the refund was accepted: how it ends is told by the notification, or by a query a minute later.
//! The same `out_refund_no` is the same refund, so a refund that failed or whose response was lost is **repeated under its
//! number**; a new number could refund twice. At most 50 partial refunds per order, one per minute, within 365 days of the
//! payment, together not more than the order.
//!
//! Pages: 退款申请, 查询单笔退款, 发起异常退款, 退款结果通知.

mod abnormal;
mod apply;
pub mod ecommerce;
mod notice;
mod query;
mod source;

pub use abnormal::{AbnormalRefundType, ApplyAbnormal};
pub use apply::{Apply, RefundAmount, RefundGoods, RefundedOrder};
pub use notice::{FundSource, RefundAccount, RefundNotice, RefundNoticeAmount, RefundStatus};
pub use query::{
    Query, Refund, RefundChannel, RefundPromotion, RefundPromotionGoods, RefundPromotionType, RefundedAmount,
};
pub use source::{FundsAccount, RefundSource};

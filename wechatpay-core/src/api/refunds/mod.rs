//! Refunds (退款) of a direct merchant and of an ordinary service provider.
//!
//! Also the notification that all refunds share. An e-commerce platform refunds for its sub-merchants with
//! [`refunds::ecommerce`](ecommerce), which has types of the same names.
//!
//! A response only means that the refund was accepted: the notification, or a query a minute later, states the outcome.
//! The same `out_refund_no` is the same refund, so a refund that failed or whose response was lost is **retried under
//! its number**; a new number could refund twice. At most 50 partial refunds per order, one per minute, within 365 days
//! of the payment, together not more than the order.
//!
//! # Examples
//!
//! ```
//! use wechatpay_core::api::{Endpoint, Idempotency, refunds::{Apply, Refund, RefundAmount, RefundStatus}};
//! use wechatpay_core::types::{Fen, OutTradeNo};
//!
//! // 1.00 yuan of an order of 9.90 yuan.
//! let amount = RefundAmount::cny(Fen::new(100)?, Fen::new(990)?);
//! let refund = Apply::new("ORDER-0001".parse::<OutTradeNo>()?, "REFUND-0001".parse()?, amount).reason("damaged");
//! assert_eq!(refund.idempotency(), Idempotency::ByNumber);
//!
//! // The client returns a `Refund`, here with its required members only.
//! let accepted: Refund = serde_json::from_str(r#"{"refund_id":"50000001","out_refund_no":"REFUND-0001",
//!     "transaction_id":"4200001","out_trade_no":"ORDER-0001","amount":{"refund":100},"status":"PROCESSING"}"#)?;
//! refund.check_echo(&accepted)?; // the client does this
//! assert_eq!(accepted.status, RefundStatus::Processing);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages: 退款申请, 查询单笔退款, 发起异常退款, 退款结果通知.

mod abnormal;
mod apply;
pub mod ecommerce;
mod notice;
mod query;
mod source;
mod summary;

pub use abnormal::{AbnormalRefundType, ApplyAbnormal};
pub use apply::{Apply, RefundAmount, RefundGoods, RefundedOrder};
pub use notice::{FundSource, RefundAccount, RefundNotice, RefundNoticeAmount, RefundStatus};
pub use query::{
    Query, Refund, RefundChannel, RefundPromotion, RefundPromotionGoods, RefundPromotionType, RefundedAmount,
};
pub use source::{FundsAccount, RefundSource};
pub use summary::RefundSummary;

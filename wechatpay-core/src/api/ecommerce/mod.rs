//! What an e-commerce platform (电商收付通, 平台收付通) does for its sub-merchants (二级商户).
//!
//! The families of an ordinary service provider beside it, [`refunds`](super::refunds) and
//! [`profit_sharing`](super::profit_sharing), are refused for merchants of this kind, and these for theirs.

pub mod applyments;
pub mod profit_sharing;
pub mod refunds;
pub mod subsidies;

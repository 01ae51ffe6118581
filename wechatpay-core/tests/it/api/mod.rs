//! Every endpoint family: what is sent has exactly the documented keys, what comes may be as full or as sparse as the
//! platform likes, and an answer that is another request's is noticed.

mod applyments;
mod combine;
mod ecommerce_refunds;
mod ecommerce_sharing;
mod funds;
mod ids;
mod refunds;
mod security;
mod settlement;
mod sharing;
mod subsidies;
mod support;

//! Every endpoint family: what is sent has exactly the documented keys, what comes may be as full or as sparse as the
//! platform likes. That a response is of another request is noticed by `official::echoes`.

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

//! Endpoint families: exact request keys, and responses with and without optional members.
//!
//! `official::echoes` tests that a response to another request is detected.

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

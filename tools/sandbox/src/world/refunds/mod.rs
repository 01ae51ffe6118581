//! Refunds of orders.

pub(crate) mod rules;
pub mod state;
pub(crate) mod table;
pub(crate) mod view;

pub use rules::{TO_THE_WALLET, apply, by_hand, reroute, settle, settle_planned};

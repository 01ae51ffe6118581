//! Refunds of orders.

pub(crate) mod rules;
pub mod state;
pub(crate) mod table;
#[cfg(test)]
mod tests;
pub(crate) mod view;

pub(crate) use rules::{TO_THE_WALLET, apply, give_back_advance, reroute, settle_planned};
pub use rules::{by_hand, settle};

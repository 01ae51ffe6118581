//! Shares of an order's money (分账).

pub(crate) mod rules;
pub(crate) mod state;
pub(crate) mod table;
#[cfg(test)]
mod tests;
pub(crate) mod view;

pub(crate) use rules::{frozen, give_back, left, settle, settle_one, settle_return, share};

//! Withdrawals (提现).

pub(crate) mod rules;
pub(crate) mod state;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use rules::{available, begin, frozen, go, settle_planned};
pub(crate) use view::view;

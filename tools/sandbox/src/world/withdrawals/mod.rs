//! Withdrawals (提现).

pub(crate) mod rules;
pub(crate) mod state;

pub(crate) use rules::{available, begin, frozen, go, settle_planned, view};

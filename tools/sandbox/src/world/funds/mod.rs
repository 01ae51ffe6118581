//! Accounts, movements of money and their days.

pub(crate) mod ledger;
pub(crate) mod rules;

pub(crate) use rules::{
    FEE_RATE_TEXT, add, advance_returned, bills_ready, fee, paid, payee, refund_closed, refunded, subsidised,
    top_up, yuan,
};

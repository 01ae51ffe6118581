//! Accounts, movements of money and their days.

mod fee;
pub(crate) mod ledger;
pub(crate) mod rules;
pub(crate) mod state;

pub(crate) use fee::{FEE_RATE_TEXT, fee};
pub use rules::yuan;
pub(crate) use rules::{
    add, advance_returned, paid, payee, refund_closed, refunded, reversed, subsidised, top_up,
};

//! Orders: placed, paid, closed.

mod book;
pub mod buyer;
pub mod key;
pub(crate) mod rules;
pub mod scene;
pub mod state;
pub(crate) mod table;
pub mod timeline;
pub(crate) mod view;

pub use book::OrderCounts;
pub use rules::cancel;
pub(crate) use rules::{
    Irregularity, ask_password, charge, expire, missed_query, pay, pay_unheard, reverse, watch, whole,
};

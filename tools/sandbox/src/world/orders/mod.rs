//! Orders: placed, paid, closed.

pub mod buyer;
pub mod key;
pub(crate) mod rules;
pub mod scene;
pub mod state;
pub(crate) mod table;
pub mod timeline;
pub(crate) mod view;

pub use rules::cancel;
pub(crate) use rules::{Irregularity, expire, missed_query, pay, pay_unheard, watch, whole};

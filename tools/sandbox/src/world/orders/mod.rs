//! Orders: placed, paid, closed.

pub(crate) mod buyer;
pub(crate) mod rules;
pub(crate) mod scene;
pub(crate) mod state;
pub(crate) mod table;
pub(crate) mod timeline;
pub(crate) mod view;

pub(crate) use rules::{Irregularity, cancel, expire, missed_query, pay, pay_unheard, watch, whole};

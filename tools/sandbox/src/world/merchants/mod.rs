//! Merchants, their certificates and their sub-merchants.

pub(crate) mod change;
pub(crate) mod form;
pub(crate) mod rules;
pub(crate) mod state;
pub(crate) mod table;

pub(crate) use rules::{change, register, revoke};

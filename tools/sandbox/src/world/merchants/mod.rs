//! Merchants, their certificates and their sub-merchants.

pub(crate) mod change;
pub(crate) mod document;
pub(crate) mod rules;
pub(crate) mod state;
mod strict;
pub(crate) mod table;

pub(crate) use rules::{add, change};

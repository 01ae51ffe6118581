//! Merchants, their certificates and their sub-merchants.

pub mod change;
pub mod document;
pub mod error;
pub(crate) mod rules;
pub mod state;
mod strict;
pub(crate) mod table;

pub use rules::{add, change};

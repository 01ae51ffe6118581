//! Transfers to users (商家转账).

pub(crate) mod rules;
pub(crate) mod state;
#[cfg(test)]
mod tests;
mod view;

pub(crate) use rules::{begin, cancel, go, proceed};
pub(crate) use view::{notice, view};

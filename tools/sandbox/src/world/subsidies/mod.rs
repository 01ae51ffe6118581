//! Subsidies of the platform (补差).

pub(crate) mod rules;
pub(crate) mod state;
#[cfg(test)]
mod tests;

pub(crate) use rules::{call_off, give_back, pay};

//! Records: things that merchants open under numbers, and that take steps.
//!
//! One table and one set of rules for all kinds. A kind (`kinds`) says which steps there are, which money moves, and what the
//! merchant is told.

pub(crate) mod kinds;
pub(crate) mod machine;
pub(crate) mod money;
pub(crate) mod rules;
pub mod state;
#[cfg(test)]
mod tests;

pub use rules::settle;
pub(crate) use rules::{go, open, proceed};

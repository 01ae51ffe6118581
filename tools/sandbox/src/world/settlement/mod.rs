//! Bank accounts of sub-merchants (结算账户).

mod rules;
pub(crate) mod state;
#[cfg(test)]
mod tests;

pub(crate) use rules::apply;

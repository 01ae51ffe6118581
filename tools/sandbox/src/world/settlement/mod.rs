//! Bank accounts of sub-merchants (结算账户).

pub(crate) mod state;
#[cfg(test)]
mod tests;

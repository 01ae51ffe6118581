//! Applications of sub-merchants (二级商户进件).

pub(crate) mod rules;
pub(crate) mod state;
#[cfg(test)]
mod tests;

pub(crate) use rules::{go, tell};

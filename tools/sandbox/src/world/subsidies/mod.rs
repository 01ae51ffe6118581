//! Subsidies of the platform (补差).

pub(crate) mod state;
#[cfg(test)]
mod tests;

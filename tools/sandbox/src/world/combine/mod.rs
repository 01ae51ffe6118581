//! Combined orders (合单).

#[cfg(test)]
mod tests;
pub(crate) mod view;

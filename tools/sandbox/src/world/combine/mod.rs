//! Combined orders (合单).

pub(crate) mod view;

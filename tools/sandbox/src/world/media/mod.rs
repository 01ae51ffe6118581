//! Uploaded pictures and videos.

pub(crate) mod state;
#[cfg(test)]
mod tests;

//! Uploaded pictures and videos.

pub(crate) mod state;

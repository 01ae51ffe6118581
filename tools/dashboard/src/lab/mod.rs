//! The sign lab: the signature doctor examines pasted messages.
//!
//! The page and the admin API ask the same questions. Nothing that is pasted is kept or logged: it lives as long as its request.

mod opinion;
mod paste;

pub(crate) use opinion::{Explanation, Opinion, explain};
pub(crate) use paste::{Kind, Paste, TextForm, Unclear};

//! Tables of the official pages: every listed member is read or sent.
//!
//! `cargo test … --test it official -- --nocapture` prints the counts.

mod echoes;
mod notifications;
mod platform;
mod requests;
mod responses;
mod table;

//! The tables of the official pages: what they list is read, sent and taken. `cargo test … --test it official
//! -- --nocapture` prints the numbers.

mod echoes;
mod notifications;
mod platform;
mod requests;
mod responses;
mod table;

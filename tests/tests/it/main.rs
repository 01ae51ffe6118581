//! Suites across the crates, as one program, because each program costs linking time.
//!
//! The soak is a program of its own (`soak.rs`): it takes all processors for three minutes.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests fail loudly, and some print what an operator reads"
)]

mod acceptance;
mod bill_day;
mod bill_recheck;
mod clocks;
mod code_pay;
mod connect_page;
mod dashboard;
mod endpoints;
mod examples;
mod faces;
mod gateway_faults;
mod graph;
mod jsapi;
mod keys_under_fire;
mod killed;
mod lost_notifications;
mod many_merchants;
mod matrix;
mod openapi;
mod own_endpoint;
mod prose;
mod quickstarts;
mod raw_socket;
mod readme;
mod shops;
mod third_party;
mod untyped;
mod upload;
mod variables;
mod visible_rejections;
mod watch;
mod watch_kinds;
mod watch_model;
mod watch_transfers;
mod wire;
mod wrong_signer;

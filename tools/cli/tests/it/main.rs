//! The command as its users start it.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a rig that cannot be built fails the suite loudly"
)]

mod config;
mod doctor;
mod help;
mod sandbox;
mod tools;

use std::process::Command;

/// The command with a subcommand.
fn wechatpay(subcommand: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wechatpay"));
    command.arg(subcommand).env("LC_ALL", "C.UTF-8");
    command
}

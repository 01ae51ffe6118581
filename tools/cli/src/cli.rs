//! The command line: one subcommand for each task.

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::{
    bill::Bill,
    call::Call,
    certs::Certs,
    check::Check,
    doctor::Doctor,
    explain::Explain,
    language::{self, Lang},
    notify::Notify,
    papers::{Completions, Man},
    sandbox,
};

/// Name of the subcommand that serves.
pub(crate) const SANDBOX: &str = "sandbox";

/// WeChat Pay API v3 from the command line
///
/// A local sandbox that needs no account, and tools for the real platform.
#[derive(Debug, Parser)]
#[command(name = "wechatpay", version, about, after_help = EXAMPLES)]
struct Wechatpay {
    #[command(subcommand)]
    command: Command,

    /// The language of help and reports; default: that of the locale
    #[arg(long, value_enum, global = true)]
    lang: Option<Lang>,
}

/// Examples at the end of the help.
const EXAMPLES: &str = "\
Examples:
  wechatpay sandbox --write-env .
  wechatpay check http://127.0.0.1:3000/wechatpay/notify

Each command has examples of its own: wechatpay COMMAND --help. Chinese: --lang zh.";

/// Tasks.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Sandbox(Box<sandbox::Arguments>),
    Check(Check),
    Doctor(Doctor),
    Notify(Notify),
    Explain(Explain),
    Call(Call),
    Certs(Certs),
    Bill(Bill),
    Completions(Completions),
    Man(Man),
}

/// The whole command in the language that the person asked for.
pub(crate) fn command() -> clap::Command {
    language::localized(Wechatpay::command())
}

/// Reads the command line and the environment.
///
/// Ends the process for `--help` and for arguments that clap rejects.
pub(crate) fn read() -> Command {
    let matches = command().get_matches();
    match Wechatpay::from_arg_matches(&matches) {
        Ok(wechatpay) => wechatpay.command,
        Err(error) => error.exit(),
    }
}

/// Reads the command line again, with other defaults of the sandbox.
pub(crate) fn sandbox_matches(sandbox: clap::Command) -> ArgMatches {
    let command = command().mut_subcommand(SANDBOX, |_| sandbox);
    let mut matches = command.get_matches();
    matches
        .remove_subcommand()
        .map(|(_, matches)| matches)
        .unwrap_or_default()
}

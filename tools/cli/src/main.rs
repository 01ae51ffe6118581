//! WeChat Pay from the command line, for developers in any language.

mod account;
mod bill;
mod call;
mod certs;
mod check;
mod cli;
mod doctor;
mod explain;
mod language;
mod notify;
mod papers;
mod sandbox;

use std::{error::Error, process::ExitCode};
use wechatpay_core::BoxError;

use cli::Command;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, BoxError> {
    match cli::read() {
        Command::Sandbox(arguments) => {
            let arguments = arguments.with_file()?;
            sandbox::serve(arguments).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Check(check) => check.run().await,
        Command::Call(call) => call.run().await,
        Command::Certs(certs) => certs.run().await,
        Command::Bill(bill) => bill.run().await,
        Command::Notify(notify) => notify.run().await,
        Command::Doctor(doctor) => doctor.run().await,
        Command::Explain(explain) => explain.run(),
        Command::Completions(completions) => completions.print().map(|()| ExitCode::SUCCESS),
        Command::Man(man) => man.write().map(|()| ExitCode::SUCCESS),
    }
}

/// An error and its causes in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

//! WeChat Pay from the command line, for developers in any language.

mod check;
mod cli;
mod language;
mod papers;
mod sandbox;

use std::{error::Error, process::ExitCode};

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

async fn run() -> Result<ExitCode, Box<dyn Error>> {
    match cli::read() {
        Command::Sandbox(arguments) => {
            let arguments = arguments.with_file()?;
            sandbox::serve(arguments).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Check(check) => check.run().await,
        Command::Completions(completions) => completions.print().map(|()| ExitCode::SUCCESS),
        Command::Man(man) => man.write().map(|()| ExitCode::SUCCESS),
    }
}

/// An error and its causes in one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

//! The stand-alone sandbox, for a client in any language.

mod check;
mod cli;

use std::{error::Error, io::Write as _, process::ExitCode};

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match run(cli::Arguments::parse()).await {
        Ok(status) => status,
        Err(error) => {
            eprintln!("error: {}", chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run(mut arguments: cli::Arguments) -> Result<ExitCode, Box<dyn Error>> {
    match arguments.command.take() {
        Some(cli::Command::Check(check)) => check.run().await,
        None => serve(arguments).await.map(|()| ExitCode::SUCCESS),
    }
}

async fn serve(arguments: cli::Arguments) -> Result<(), Box<dyn Error>> {
    let sandbox = arguments.builder().start().await?;
    let mut events = sandbox.events();
    let env_file = match &arguments.write_env {
        Some(directory) => Some(sandbox.write_env(directory)?),
        None => None,
    };
    say(&arguments.greeting(&sandbox, env_file.as_deref()));

    let stop = stop();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(event) => {
                    if let Some(line) = arguments.line(&event) {
                        say(&line);
                    }
                }
                None => break,
            },
            outcome = &mut stop => {
                outcome?;
                break;
            }
        }
    }
    say("stopping\n");
    sandbox.shutdown().await;
    Ok(())
}

/// Prints, if somebody still reads: a server goes on when the other end of a pipe is gone.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Ctrl-C, and what a process manager sends.
async fn stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            outcome = tokio::signal::ctrl_c() => outcome,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
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

//! `sandbox`: the gateway with its pages, for a client in any language.

mod arguments;
mod config_file;
mod state_file;
mod terminal;

use std::io::Write as _;
use wechatpay_core::BoxError;

pub(crate) use arguments::Arguments;
use state_file::StateFile;

/// Serves until it is told to stop.
pub(crate) async fn serve(mut arguments: Arguments) -> Result<(), BoxError> {
    let others: Vec<String> = arguments
        .merchants
        .iter()
        .map(|merchant| merchant.mchid.as_str().to_owned())
        .collect();
    let mut builder = arguments.builder()?;
    let state = arguments.state.clone().map(StateFile::open).transpose()?;
    if let Some(state) = &state {
        builder = state.load(builder)?;
    }
    let sandbox = builder.start().await?;
    // Whether it can be saved is better known now than at the end.
    let state = match state {
        Some(state) => Some((state.begin(&sandbox).await?, state)),
        None => None,
    };
    let mut events = sandbox.events();
    let env_file = match &arguments.write_env {
        Some(directory) => {
            for mchid in others.iter().filter(|mchid| sandbox.config_of(mchid).is_some()) {
                sandbox.write_env_of(mchid, directory.join(mchid))?;
            }
            Some(sandbox.write_env(directory)?)
        }
        None => None,
    };
    say(&arguments.greeting(&sandbox, &others, env_file.as_deref()));
    if arguments.opens()
        && let Err(error) = terminal::open(&format!("{}/_sandbox", sandbox.base_url()))
    {
        say(&format!("the browser does not open: {error}\n"));
    }

    let stop = stop();
    tokio::pin!(stop);
    let keep = async {
        match &state {
            Some((saved, state)) => state.keep(&sandbox, *saved).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(keep);
    loop {
        tokio::select! {
            event = events.next() => match event {
                Some(event) => {
                    if let Some(line) = arguments.line(&sandbox, &event) {
                        say(&line);
                    }
                }
                None => break,
            },
            outcome = &mut stop => {
                outcome?;
                break;
            }
            () = &mut keep => {}
        }
    }
    say("stopping\n");
    sandbox.shutdown().await;
    if let Some((_, state)) = &state {
        state.save(&sandbox).await?;
    }
    Ok(())
}

/// Prints if possible; the server continues when the reading end of a pipe is gone.
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

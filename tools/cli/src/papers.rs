//! Completions for shells, and manual pages.

use std::{fs, io, path::PathBuf};

use clap::Args;
use clap_complete::Shell;

use crate::cli;
use wechatpay_core::BoxError;

/// Print completions for a shell
///
/// For bash: `wechatpay completions bash > ~/.local/share/bash-completion/completions/wechatpay`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn print(&self) -> Result<(), BoxError> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut cli::command(), "wechatpay", &mut text);
        print(&text)
    }
}

/// Write the manual pages, one for each command
///
/// Then for instance: `man ./man/wechatpay-sandbox.1`. Without a directory, prints the first page
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Directory to write into; made if it is not there
    directory: Option<PathBuf>,
}

impl Man {
    pub(crate) fn write(&self) -> Result<(), BoxError> {
        match &self.directory {
            Some(directory) => {
                fs::create_dir_all(directory)
                    .and_then(|()| clap_mangen::generate_to(cli::command(), directory))
                    .map_err(|error| format!("{}: {error}", directory.display()))?;
            }
            None => {
                let mut text = Vec::new();
                clap_mangen::Man::new(cli::command()).render(&mut text)?;
                print(&text)?;
            }
        }
        Ok(())
    }
}

/// Prints. A reader that has seen enough, such as `head`, is no error.
fn print(text: &[u8]) -> Result<(), BoxError> {
    use io::Write as _;

    match io::stdout().lock().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

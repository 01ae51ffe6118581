//! Terminal features of the binary: QR codes, and opening the dashboard.

use std::{
    io::{self, IsTerminal as _},
    process::{Command, Stdio},
};

use clap::ValueEnum;
use qrcode::{EcLevel, QrCode, render::unicode::Dense1x2};

/// Black on white, whatever the colours of the terminal.
const PAPER: &str = "\u{1b}[38;5;16;48;5;231m";
const PLAIN: &str = "\u{1b}[0m";

/// Modes of printing QR codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Qr {
    /// Black on white, if the output is a terminal
    Auto,
    /// For a dark background
    Dark,
    /// For a light background
    Light,
    /// None
    Off,
}

impl Qr {
    /// Lines to print for this text; `None` for none.
    pub(crate) fn draw(self, text: &str) -> Option<String> {
        let is_inverse = match self {
            Self::Off => return None,
            Self::Auto if !io::stdout().is_terminal() => return None,
            Self::Dark => true,
            Self::Auto | Self::Light => false,
        };
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let (dark, light) = if is_inverse {
            (Dense1x2::Light, Dense1x2::Dark)
        } else {
            (Dense1x2::Dark, Dense1x2::Light)
        };
        let drawn = code
            .render::<Dense1x2>()
            .dark_color(dark)
            .light_color(light)
            .build();
        let (before, behind) = match self {
            Self::Auto => (PAPER, PLAIN),
            _ => ("", ""),
        };
        Some(
            drawn
                .lines()
                .map(|line| format!("  {before}{line}{behind}\n"))
                .collect(),
        )
    }
}

/// Opens an address in the browser, without a shell, and without waiting for it.
pub(crate) fn open(url: &str) -> io::Result<()> {
    let (program, arguments): (&str, &[&str]) = if cfg!(windows) {
        ("rundll32", &["url.dll,FileProtocolHandler"])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut child = Command::new(program)
        .args(arguments)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // What has ended is to be waited for, or it stays as a zombie.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_for_a_dark_background_is_the_other_one_inverted() {
        let text = "http://127.0.0.1:8640/cashier/native?pr=0123456789";
        let (dark, light) = (Qr::Dark.draw(text).unwrap(), Qr::Light.draw(text).unwrap());
        assert_eq!(dark.lines().count(), light.lines().count());
        // The margin is white: blocks of the foreground's colour on a dark background, and blanks on a light one.
        assert!(dark.starts_with("  \u{2588}\u{2588}"), "{dark}");
        assert!(light.lines().next().unwrap().trim().is_empty(), "{light}");
        // Half as many lines as modules, for each letter is two of them.
        assert!(light.lines().count() < 25, "{light}");
        assert_eq!(Qr::Off.draw(text), None);
    }
}

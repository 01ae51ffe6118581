//! Logging to standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::{filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Logs to standard error by `RUST_LOG`; default: warnings.
///
/// For instance `wechatpay=debug,tower_http=debug`.
pub fn log_as_rust_log_says() {
    let wanted = std::env::var("RUST_LOG").unwrap_or_default();
    let filter: Targets = wanted
        .parse()
        .ok()
        .filter(|_| !wanted.is_empty())
        .unwrap_or_else(|| Targets::new().with_default(tracing::Level::WARN));
    let format = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A framework that has set a logger of its own keeps it.
    let _ = tracing_subscriber::registry()
        .with(format)
        .with(filter)
        .try_init();
}

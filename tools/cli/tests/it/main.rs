//! The command as its users start it.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a rig that cannot be built fails the suite loudly"
)]

mod binary;
mod config;

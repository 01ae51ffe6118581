//! What the layers, the client and the transports do together. One binary, so that it links once.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod client;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod composition;
mod readiness;
mod server;
mod support;

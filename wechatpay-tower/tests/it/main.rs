//! What the layers, the client and the transports do together. One binary, so that it links once.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod bank;
mod bills;
mod client;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod composition;
mod dedup;
mod failover;
mod readiness;
mod retry;
mod server;
mod support;
mod upload;

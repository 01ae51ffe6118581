//! What the layers, the client and the transports do together. One binary, so that it links once.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod client;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod composition;
mod dedup;
mod readiness;
mod server;
mod support;

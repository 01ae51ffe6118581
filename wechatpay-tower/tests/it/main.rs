//! Layers, client and transports together, in one binary that links once.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod adapter;
mod bank;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod bare;
mod bills;
mod client;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod composition;
mod failover;
mod idempotency;
#[cfg(feature = "openid")]
mod openid;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod outcome;
mod polled;
mod readiness;
mod retry;
mod server;
mod services;
mod support;
#[cfg(all(feature = "bills", feature = "hyper"))]
mod unverified;
mod upload;

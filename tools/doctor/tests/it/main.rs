//! Signature doctor: planted mistakes are named and proven, and no others.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a rig that cannot be built fails the suite loudly"
)]

mod hook;
mod invocations;
mod keys;
mod kit;
mod output;
mod random;
mod requests;
mod responses;

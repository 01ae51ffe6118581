//! Each store against real servers, with the failures that it must survive.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

mod child;
mod inbox;
mod inbox_faults;
mod inbox_proofs;
mod migrations;
mod pooler;
mod postgres;
mod race;
mod redis;
mod redis_faults;
mod support;
mod transactional;
mod transactional_faults;

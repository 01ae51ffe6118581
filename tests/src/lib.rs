//! What several suites of this package need.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail loudly")]

pub mod deliveries;

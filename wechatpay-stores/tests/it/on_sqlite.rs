//! The suites of every SQL store, on SQLite.

use wechatpay_stores::sqlite::Inbox;

use crate::databases::sqlite::Database;

#[expect(clippy::duplicate_mod, reason = "one suite for every database")]
#[path = "inbox.rs"]
pub(crate) mod inbox;
#[expect(clippy::duplicate_mod, reason = "one suite for every database")]
#[path = "leases.rs"]
mod leases;
#[expect(clippy::duplicate_mod, reason = "one suite for every database")]
#[path = "pending.rs"]
mod pending;
#[expect(clippy::duplicate_mod, reason = "one suite for every database")]
#[path = "transactional.rs"]
pub(crate) mod transactional;
#[expect(clippy::duplicate_mod, reason = "one suite for every database")]
#[path = "transactional_faults.rs"]
mod transactional_faults;

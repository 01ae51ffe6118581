//! The suites of every SQL store, on PostgreSQL.

use wechatpay_stores::Inbox;

use crate::support::Database;

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
#[path = "server_faults.rs"]
mod server_faults;
#[expect(clippy::duplicate_mod, reason = "one suite for every database")]
#[path = "transactional.rs"]
pub(crate) mod transactional;
#[expect(clippy::duplicate_mod, reason = "one suite for every database")]
#[path = "transactional_faults.rs"]
mod transactional_faults;

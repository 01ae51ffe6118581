//! Watch over orders, refunds, shares, withdrawals and transfers until each has its end.
//!
//! A notification may come late or never, and of a share there is none. So each is *registered* when it is created, and
//! workers query it at a [`Schedule`] until it has its end. The workers are `wechatpay_tower::watch::Watch`; this module
//! has what they decide by, and the contract of their stores.
//!
//! ```text
//! register ─▶ watching ──query──▶ paid │ refunded │ closed │ finished │ failed │ needs a look
//!                 │  ▲
//!    its time is over │ not closed
//!                 ▼  │
//!              closing ──query──▶ closed │ paid
//! ```
//!
//! | Kind | Ends | Its time is over |
//! |---|---|---|
//! | order | `Paid`, `Closed`, `Refunded` | it is closed |
//! | combined order | the same for all of its orders; paid in part: `NeedsLook` | all of its orders are closed |
//! | refund | `Refunded`, `Closed`; abnormal: `NeedsLook` | `NeedsLook` |
//! | share | `Finished`; `Failed` if a receiver got nothing | `NeedsLook` |
//! | return of a share | `Finished`, `Failed` | `NeedsLook` |
//! | withdrawal | `Finished`, `Failed`, `Closed`; returned by the bank: `Refunded` | `NeedsLook` |
//! | transfer to a user (feature `transfers`) | `Finished`, `Failed`; cancelled: `Closed` | `NeedsLook` |
//!
//! - An end that a query finds is [`News`] and goes to the application's handler, the same as a notification's.
//! - A notification that comes first ends the watch, and a query that comes first makes the notification a repeat.
//! - Each look has a lease with a fence, so several processes may work on one store, and any may die at any time.
//!
//! [`step`] decides alone, without a clock or a store, so it can be checked against a model.

#[cfg(feature = "test-util")]
pub mod conformance;
mod entry;
mod memory;
mod news;
mod pending;
mod query;
mod schedule;
mod step;
mod store;

pub use entry::{End, Entry, Phase, Taken};
pub use memory::MemoryPendingStore;
pub use news::{News, Subject};
pub use pending::{Pending, PendingKey, PendingKind};
pub use query::{Ask, Unqueryable};
pub use schedule::Schedule;
pub use step::{Found, Step, step};
pub use store::{Ending, PendingCounts, PendingStore};

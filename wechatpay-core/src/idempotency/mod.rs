//! Idempotent handling: each notification is handled once.
//!
//! The platform sends a notification up to 16 times, in any order, also while an earlier copy is still being handled, and
//! demands a lock before business data is read. An [`IdempotencyStore`] gives that lock as a *lease*: one handler at a time
//! holds it, renews it while it works, and loses it when its process dies. Each take-over raises the *fence*, so that
//! whatever an overtaken handler still does can be told apart and its completion is refused.
//!
//! [`handle`] puts a handler between [`begin`](IdempotencyStore::begin) and [`complete`](IdempotencyStore::complete):
//! the acknowledgement is given only after the completion is durable. [`idempotent`] does the same and returns the response of
//! your framework. [`Limits`] sets lease, deadline, budget and retention of every mode; [`run`] has the parts for stores that
//! run handlers in their own way.
//!
//! | | [`memory`](MemoryStore) | Redis | PostgreSQL | PostgreSQL, transactional |
//! |---|---|---|---|---|
//! | several processes | no | yes | yes | yes |
//! | survives a restart | no | as its persistence does | yes | yes |
//! | effects of the handler | at least once | at least once | at least once | exactly once, inside the transaction |
//!
//! A 2xx from us means done or durably queued. Effects in the same transaction happen exactly once; all others at least
//! once, with mutual exclusion while a lease is held and a rising fence when it is not.

#[cfg(feature = "test-util")]
pub mod conformance;
mod context;
mod error;
mod handle;
mod idempotent;
mod key;
mod limits;
mod memory;
pub mod run;
mod store;

pub use crate::notify::PlaintextDigest;
pub use context::{HandlerContext, LeaseLost, LeaseSignal};
pub use error::IdempotencyError;
pub use handle::{Handled, handle};
pub use idempotent::idempotent;
pub use key::{Fence, InvalidKey, NotificationKey};
pub use limits::Limits;
pub use memory::MemoryStore;
pub use store::{
    Begin, BeginRequest, Completion, IdempotencyStore, Release, Renewal, StoreError, StoreFuture, StoreHealth,
};

//! Idempotent handling: each business event is handled once.
//!
//! The platform sends a notification up to 16 times, in any order, even while an earlier copy is being handled, and a
//! query may tell of the same payment meanwhile. It requires a lock before business data is read. An [`Event`] is what
//! is handled once: merchant, kind, number and state, not the id of a notification. An [`IdempotencyStore`] provides that lock as a *lease*: one handler
//! at a time holds it, renews it while it works, and loses it when its process dies. Each take-over raises the *fence*,
//! which identifies late effects of the earlier handler and rejects its completion.
//!
//! [`handle`] runs a handler between [`begin`](IdempotencyStore::begin) and [`complete`](IdempotencyStore::complete):
//! the event counts as handled only after the completion is durable. [`idempotent`] does the same and returns the
//! response of your framework. [`Limits`] sets lease, deadline, budget and retention of every mode. [`run`] has the
//! parts for stores that run handlers in their own way.
//!
//! | | [`memory`](MemoryStore) | Redis | PostgreSQL | PostgreSQL, transactional |
//! |---|---|---|---|---|
//! | several processes | no | yes | yes | yes |
//! | survives a restart | no | as its persistence does | yes | yes |
//! | effects of the handler | at least once | at least once | at least once | exactly once, inside the transaction |
//!
//! A 2xx response means done or durably queued. Effects in the same transaction happen exactly once. All others happen
//! at least once, with mutual exclusion while a lease is held and a rising fence after it was lost.
//!
//! # Examples
//! ```
//! # #[cfg(feature = "test-util")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let platform = wechatpay_core::testing::FakePlatform::new();
//! # let delivery = platform.payment("ORDER-1", 100);
//! # let receiver = platform.receiver();
//! # let notification = receiver.begin("POST", delivery.pairs())?.finish(delivery.body.clone()).await?;
//! use std::{convert::Infallible, sync::Arc};
//! use wechatpay_core::idempotency::{Handled, IdempotencyStore, Limits, MemoryStore, handle};
//!
//! let store: Arc<dyn IdempotencyStore> = Arc::new(MemoryStore::new());
//! let limits = Limits::default();
//!
//! let first = handle(&store, &notification, &limits, async |_context| Ok::<_, Infallible>("fulfilled")).await?;
//! assert!(matches!(first, Handled::Now { value: "fulfilled", attempt: 1, .. }));
//!
//! let repeated = handle(&store, &notification, &limits, async |_context| Ok::<_, Infallible>("never runs")).await?;
//! assert!(matches!(repeated, Handled::AlreadyDone));
//! # Ok(()) }
//! # #[cfg(not(feature = "test-util"))]
//! # fn main() {}
//! ```

#[cfg(feature = "test-util")]
pub mod conformance;
mod context;
mod error;
mod event;
mod handle;
mod idempotent;
mod key;
mod limits;
mod memory;
pub mod run;
mod store;

pub use context::{HandlerContext, LeaseLost, LeaseSignal};
pub use error::IdempotencyError;
pub use event::{Event, Queried, Source};
pub use handle::{CONTRADICTION, Handled, handle};
pub use idempotent::idempotent;
pub use key::{EventKey, Fence, InvalidKey};
pub use limits::Limits;
pub use memory::MemoryStore;
pub use store::{
    Begin, BeginRequest, Completion, IdempotencyStore, Release, Renewal, StoreError, StoreFuture, StoreHealth,
};

//! Workers that watch orders, refunds, shares, withdrawals and transfers until each has its end.
//!
//! Notifications come late, twice or never, and of a share there is none. A [`Watch`] makes up for it: the application
//! registers what it creates, and the watch queries it at a [`Schedule`], closes an order when its time is over, looks
//! once more after closing, and hands every end to the handler that also takes notifications.
//! [`wechatpay_core::watch`] lists the kinds and their ends.
//!
//! # Contract
//! 1. [`register`](Watch::register) before the platform learns of it, in the application's own transaction if the store
//!    offers it. A crash in between leaves an order that ends as closed, and anything else that needs a look.
//! 2. [`run`](Watch::run) hands [`News`] to the application. The handler runs under
//!    [`News::event`](News::event), with [`handle`](wechatpay_core::idempotency::handle) or a store's transaction: the
//!    same function as for notifications.
//! 3. After a notification was handled, [`heard`](Watch::heard) ends its watch. If the process dies before, the next
//!    look finds out; the handler does not run again.
//! 4. A handler that fails, a query without an answer and a close that failed are tried again after a minute, or after
//!    a twelfth of the age if that is longer. A day after its time the entry [needs a look](wechatpay_core::watch::PendingStore::need_look).
//! 5. Any worker may die at any time. Its lease ends, and another one takes the entry.
//! 6. [`recheck`](Watch::recheck) looks again at once, also at what no one registered: give it what
//!    `Report::to_recheck` of a reconciliation lists.
//!
//! # Costs
//! An order whose notification comes within five seconds costs no query. One that is paid without any notification
//! costs one to seven in its first half hour. Closing a combined order costs one more, for the list of its orders.
//!
//! # Examples
//! ```no_run
//! use std::{convert::Infallible, sync::Arc};
//!
//! use wechatpay_core::{
//!     idempotency::{IdempotencyStore, Limits, MemoryStore, handle},
//!     watch::{MemoryPendingStore, News, Pending},
//! };
//! use wechatpay_tower::{Client, watch::Watch};
//!
//! async fn f(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//!     let store: Arc<dyn IdempotencyStore> = Arc::new(MemoryStore::new());
//!     let watch = Watch::new(client, Arc::new(MemoryPendingStore::new()));
//!
//!     // When an order is placed:
//!     watch.register(&Pending::order("1900000001".parse()?, &"ORDER-1".parse()?)).await?;
//!
//!     // For ever, beside the server:
//!     watch.run(8, std::future::pending(), async |news| learn(&store, news).await).await;
//!     Ok(())
//! }
//!
//! /// Takes news of either source, each event once.
//! async fn learn(store: &Arc<dyn IdempotencyStore>, news: News) -> Result<(), Box<dyn std::error::Error>> {
//!     let event = news.event().clone();
//!     handle(store, &event, &Limits::default(), async |_context| {
//!         // Compare the payment with the order, and hand the goods over.
//!         Ok::<_, Infallible>(drop(news))
//!     })
//!     .await?;
//!     Ok(())
//! }
//! ```

mod look;
mod workers;

pub use wechatpay_core::watch::{
    End, Ending, Entry, MemoryPendingStore, News, Pending, PendingCounts, PendingKey, PendingKind,
    PendingStore, Phase, Schedule, Subject,
};
pub use workers::Watch;

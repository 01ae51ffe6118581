//! Idempotent handling of events in each store.
//!
//! ```text
//! memory, Redis   lease ── handler: compare-and-swap of the order ── done ── 204
//! SQL             BEGIN ── lease ── handler: the order's row ── done ── COMMIT ── 204
//! ```
//!
//! In a SQL database either all of it happened or nothing. Elsewhere a process that is killed between the order and the mark
//! leaves an order that is changed and an event that comes again, under a lease with a higher *fence*: so the order
//! remembers which event it heard under which fence, takes none back to a lower one, and hands its goods over once.

use std::{pin::Pin, time::Duration};

use wechatpay_core::idempotency::{Event, Handled, HandlerContext, IdempotencyError, Limits, handle};

use super::{OrderStore, ShopStore, Transactions, sql};

/// Duration of a lease, shorter than the platform's first pause of 15 s.
///
/// The lease of a killed process ends before the notification is sent again.
const LEASE: Duration = Duration::from_secs(10);
/// Maximum duration of a handler, which normally takes milliseconds.
///
/// With the response's way back it ends before a stopping server cuts off requests, and long before the platform stops
/// waiting after 5 s.
const DEADLINE: Duration = Duration::from_secs(2);
const BUDGET: Duration = Duration::from_millis(2800);
/// Maximum wait of a copy for the handler of the first.
///
/// It is acknowledged with it.
const WAIT: Duration = Duration::from_millis(500);

/// A handler's future over the orders.
pub(crate) type Handling<'o, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'o>>;

impl ShopStore {
    /// Handles an event once.
    ///
    /// The handler receives the orders to read and change, and its lease.
    pub(crate) async fn once<T, E>(
        &self,
        event: &Event,
        handler: impl for<'o> FnOnce(&'o dyn OrderStore, HandlerContext) -> Handling<'o, T, E> + Send,
    ) -> Result<Handled<T>, IdempotencyError<E>> {
        let limits = Limits::default().deadline(DEADLINE).budget(BUDGET);
        match &self.transactions {
            Some(Transactions::Postgres(store)) => sql::postgres::once(store, event, &limits, handler).await,
            Some(Transactions::MySql(store)) => sql::mysql::once(store, event, &limits, handler).await,
            Some(Transactions::Sqlite(store)) => sql::sqlite::once(store, event, &limits, handler).await,
            None => {
                let limits = limits.lease(LEASE).wait(WAIT);
                handle(&self.leases, event, &limits, |context| {
                    handler(self.orders(), context)
                })
                .await
            }
        }
    }
}

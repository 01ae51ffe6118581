//! Inbox for notifications that are acknowledged at once and handled later.

mod accept;
mod lease;
mod manage;
mod options;
mod rows;
mod stored;
mod worker;

use std::{fmt, sync::Arc};

use tokio::sync::Notify;

pub use self::{
    accept::Accepted,
    manage::{DeadLetter, InboxCounts},
    options::InboxOptions,
    stored::{ReadError, StoredNotification},
    worker::InTransaction,
};
use super::{SqlStore, dialect::Dialect};

/// Durable queue of notifications, with workers that retry. Cheap to clone.
///
/// Clones in one process wake each other.
///
/// ```no_run
/// use wechatpay_core::notify::{Ack, Nack, VerifiedNotification};
/// use wechatpay_stores::{PostgresStore, postgres::Inbox};
///
/// // In the route: a stored notification may be acknowledged.
/// async fn notified(inbox: &Inbox, notification: VerifiedNotification) -> Result<Ack, Nack> {
///     inbox.accept(&notification).await.map_err(|error| error.nack())?;
///     Ok(Ack)
/// }
///
/// // In a task, until the server stops: four handlers at once, each in the transaction that also marks it as done.
/// async fn work(inbox: Inbox, stop: impl Future<Output = ()>) {
///     inbox
///         .run_in_transaction(4, stop, |transaction, notification, _context| {
///             Box::pin(async move {
///                 if let Ok(paid) = notification.transaction() {
///                     sqlx::query("UPDATE orders SET paid = true WHERE number = $1")
///                         .bind(paid.out_trade_no.as_str())
///                         .execute(&mut *transaction)
///                         .await?;
///                 }
///                 Ok::<_, sqlx::Error>(())
///             })
///         })
///         .await;
/// }
/// ```
///
/// **The table holds the decrypted notification**, payer included, until it is handled. Then the text is erased, and
/// its digest stays for the [retention](wechatpay_core::idempotency::Limits::retention) to recognise repeats. A
/// notification that was given up stays readable until somebody [requeues](Self::requeue) or [discards](Self::discard)
/// it. Protect the table as you protect the payments themselves: a role that can write it can add payments that never
/// happened. A server that logs statements with their parameters logs the text too, so set `log_parameter_max_length =
/// 0`.
///
/// A worker holds a lease on its notification, which is renewed while the handler runs. If the worker dies, the lease
/// ends and another worker takes over with a higher fence; later changes by the first worker are rejected.
pub struct SqlInbox<D: Dialect> {
    store: SqlStore<D>,
    options: InboxOptions,
    /// Wakes the workers of this process; other processes poll.
    arrived: Arc<Notify>,
}

impl<D: Dialect> SqlInbox<D> {
    /// Creates the inbox beside the leases of a store.
    #[must_use]
    pub fn new(store: &SqlStore<D>) -> Self {
        Self {
            store: store.clone(),
            options: InboxOptions::default(),
            arrived: Arc::default(),
        }
    }

    /// Returns the name of the table.
    fn table(&self) -> String {
        D::table(&self.store.name, "inbox")
    }

    /// Sets the options.
    #[must_use]
    pub fn options(mut self, options: InboxOptions) -> Self {
        self.options = options;
        self
    }
}

impl<D: Dialect> Clone for SqlInbox<D> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            options: self.options,
            arrived: Arc::clone(&self.arrived),
        }
    }
}

impl<D: Dialect> fmt::Debug for SqlInbox<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("store", &self.store)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

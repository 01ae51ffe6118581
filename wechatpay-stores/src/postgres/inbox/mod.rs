//! Notifications that are acknowledged at once and handled later.

mod accept;
mod claim;
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
use super::PostgresStore;

/// Takes notifications, so that they can be acknowledged at once, and hands them to workers that try again until it works.
/// Cheap to clone; clones in one process wake each other.
///
/// ```no_run
/// use wechatpay_core::notify::{Ack, Nack, VerifiedNotification};
/// use wechatpay_stores::{PostgresStore, postgres::Inbox};
///
/// // In the route: stored is as good as done, so it may be acknowledged.
/// async fn notified(inbox: &Inbox, notification: VerifiedNotification) -> Result<Ack, Nack> {
///     inbox.accept(&notification).await.map_err(|error| error.nack())?;
///     Ok(Ack)
/// }
///
/// // Beside it, until the server stops: four handlers at once, each in the transaction that also marks it as done.
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
/// **The table holds the decrypted notification**, payer included, from when it is accepted until it is handled; then the
/// text is erased and its digest stays, to tell repeats, for the [retention](wechatpay_core::idempotency::Limits::retention). What is given up stays
/// readable until somebody [requeues](Self::requeue) or [discards](Self::discard) it. Protect the table as you would the
/// payments themselves; who may write it can also put payments there that never were. A server that logs statements with their
/// parameters logs it too: set `log_parameter_max_length = 0`.
///
/// A worker claims a notification with a lease, as the other modes do: it is renewed while the handler runs; when the
/// worker dies it ends, and another takes over with a higher fence; what the dead one still does is refused.
#[derive(Clone)]
pub struct Inbox {
    store: PostgresStore,
    options: InboxOptions,
    /// Wakes workers of this process when something is accepted; those of others look by themselves.
    arrived: Arc<Notify>,
}

impl Inbox {
    /// The inbox in the schema of a store.
    #[must_use]
    pub fn new(store: &PostgresStore) -> Self {
        Self {
            store: store.clone(),
            options: InboxOptions::default(),
            arrived: Arc::default(),
        }
    }

    /// Other options.
    #[must_use]
    pub fn options(mut self, options: InboxOptions) -> Self {
        self.options = options;
        self
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("store", &self.store)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

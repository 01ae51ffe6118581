//! Task that purges a store.

use std::time::Duration;

use tokio::task::JoinHandle;
use wechatpay_core::{
    idempotency::{IdempotencyStore, StoreFuture},
    watch::PendingStore,
};

use super::{SqlStore, dialect::Dialect};

/// Number of rows of one statement, so that locks stay short.
const ROWS: u64 = 1_000;
/// Shortest pause between two rounds, so that the task spares the database.
const SHORTEST: Duration = Duration::from_secs(1);

/// Task that purges a store; it ends when this is dropped.
#[derive(Debug)]
#[must_use = "dropping it ends the task"]
pub struct PurgeTask(JoinHandle<()>);

impl Drop for PurgeTask {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<D: Dialect> SqlStore<D> {
    /// Starts a task that deletes what is past its retention, now and every `interval`.
    ///
    /// Several processes may run it at the same time. If the database does not respond, the task logs a warning and tries
    /// again after the interval. Less than 1 s counts as 1 s.
    ///
    /// ```no_run
    /// # fn f(store: &wechatpay_stores::PostgresStore) {
    /// let purge = store.spawn_purge(std::time::Duration::from_secs(3600));
    /// // Keep `purge` as long as the server runs.
    /// # drop(purge); }
    /// ```
    ///
    /// # Panics
    /// Panics outside a tokio runtime, as `tokio::spawn` does.
    pub fn spawn_purge(&self, interval: Duration) -> PurgeTask {
        let store = self.clone();
        PurgeTask(tokio::spawn(async move {
            loop {
                store.purge_all().await;
                tokio::time::sleep(interval.max(SHORTEST)).await;
            }
        }))
    }

    async fn purge_all(&self) {
        purge(|| IdempotencyStore::purge(self, ROWS)).await;
        purge(|| PendingStore::purge(self, ROWS)).await;
        let inbox = self.inbox();
        purge(|| Box::pin(inbox.purge(ROWS))).await;
    }
}

/// Deletes until less is left than one statement deletes.
async fn purge<'a>(some: impl Fn() -> StoreFuture<'a, u64>) {
    loop {
        match some().await {
            Ok(ROWS..) => {}
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(
                    target: "wechatpay::stores", error = %error, cause = ?std::error::Error::source(&error),
                    "what is past its retention could not be deleted"
                );
                return;
            }
        }
    }
}

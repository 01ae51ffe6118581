//! Monitoring and manual operations.

use std::time::Duration;

use wechatpay_core::idempotency::{EventKey, StoreError};

use super::{SqlInbox, StoredNotification};
use crate::sql::{
    dialect::Dialect,
    error::store_error,
    leases::{MAX_PURGE, this},
};

/// Number of notifications in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboxCounts {
    /// Notifications to be handled, now or after a pause.
    pub waiting: u64,
    /// Notifications that a worker holds.
    ///
    /// A worker that died holds its notification until the lease ends.
    pub in_progress: u64,
    /// Notifications that were handled and not purged yet.
    pub done: u64,
    /// Notifications that were given up and need a person.
    pub dead: u64,
    /// Age of the oldest notification that is waiting or in progress.
    pub oldest: Option<Duration>,
}

/// A notification that was given up after its attempts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The notification.
    pub notification: StoredNotification,
    /// Number of attempts.
    pub attempts: u32,
    /// Error of the last attempt.
    pub last_error: String,
}

impl DeadLetter {
    fn read_row<D: Dialect>(row: &D::Row) -> Result<Self, StoreError> {
        let attempts = D::integer(row, "attempts").map_err(store_error::<D>)?;
        let last_error = D::string(row, "last_error").map_err(store_error::<D>)?;
        Ok(Self {
            notification: StoredNotification::read_row::<D>(row)?,
            attempts: attempts
                .and_then(|attempts| u32::try_from(attempts).ok())
                .unwrap_or(0),
            last_error: last_error.unwrap_or_default(),
        })
    }
}

/// Logs the key of a row that cannot be read.
pub(super) fn unreadable<D: Dialect>(row: &D::Row, error: &StoreError) {
    let (scope, event) = raw_key::<D>(row);
    tracing::error!(
        target: "wechatpay::stores", scope, event, error = %error,
        "a notification in the inbox cannot be read; correct its row or delete it"
    );
}

/// Reads scope and event of a row without checking them.
pub(super) fn raw_key<D: Dialect>(row: &D::Row) -> (String, String) {
    let text = |name: &str| D::string(row, name).ok().flatten().unwrap_or_default();
    (text("scope"), text("event"))
}

impl<D: Dialect> SqlInbox<D> {
    /// Returns the number of notifications in each state, for metrics.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond.
    pub async fn counts(&self) -> Result<InboxCounts, StoreError> {
        let sql = format!(
            "SELECT count(CASE WHEN state = 'waiting' THEN 1 END) AS waiting, \
               count(CASE WHEN state = 'held' THEN 1 END) AS in_progress, \
               count(CASE WHEN state = 'done' THEN 1 END) AS done, count(CASE WHEN state = 'dead' THEN 1 END) AS dead, \
               {until} AS oldest FROM {table}",
            until = D::until("min(CASE WHEN state IN ('waiting', 'held') THEN accepted_at END)"),
            table = self.table(),
        );
        let row = self
            .store
            .row(sql)
            .await?
            .ok_or(StoreError::Corrupt("counts are missing"))?;
        let number = |column: &str| D::integer(&row, column).map_err(store_error::<D>);
        let count = |column: &str| number(column).map(|count| count.unwrap_or(0).unsigned_abs());
        // The time from now to the past is negative.
        let age = |until: i64| Duration::from_millis(u64::try_from(until.saturating_neg()).unwrap_or(0));
        Ok(InboxCounts {
            waiting: count("waiting")?,
            in_progress: count("in_progress")?,
            done: count("done")?,
            dead: count("dead")?,
            oldest: number("oldest")?.map(age),
        })
    }

    /// Returns up to `limit` notifications that were given up, the latest first.
    ///
    /// A row that cannot be read is left out and logged as an error.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond.
    pub async fn dead_letters(&self, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let sql = format!(
            "SELECT {}, attempts, coalesce(last_error, '') AS last_error FROM {} \
             WHERE state = 'dead' ORDER BY finished_at DESC LIMIT {limit}",
            StoredNotification::COLUMNS,
            self.table(),
        );
        let rows = self.store.rows(sql).await?;
        let letters = rows
            .iter()
            .filter_map(|row| match DeadLetter::read_row::<D>(row) {
                Ok(letter) => Some(letter),
                Err(error) => {
                    unreadable::<D>(row, &error);
                    None
                }
            });
        Ok(letters.collect())
    }

    /// Puts a notification that was given up back, with all its attempts.
    ///
    /// Returns `false` if no notification with this key was given up.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond.
    pub async fn requeue(&self, key: &EventKey) -> Result<bool, StoreError> {
        let change = format!(
            "SET state = 'waiting', attempts = 0, due = {}, finished_at = NULL",
            D::NOW
        );
        let requeued = self.change_dead(key, &change).await?;
        if requeued {
            self.arrived.notify_one();
        }
        Ok(requeued)
    }

    /// Marks a notification that was given up as done, and erases its text.
    ///
    /// Returns `false` if no notification with this key was given up.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond.
    pub async fn discard(&self, key: &EventKey) -> Result<bool, StoreError> {
        let change = format!(
            "SET state = 'done', plaintext = NULL, due = {}",
            D::after(self.options.limits.get_retention())
        );
        self.change_dead(key, &change).await
    }

    async fn change_dead(&self, key: &EventKey, change: &str) -> Result<bool, StoreError> {
        let dead = format!("{} AND state = 'dead'", this::<D>(key));
        let changed = self
            .store
            .changed(format!("UPDATE {} {change} WHERE {dead}", self.table()));
        Ok(changed.await? > 0)
    }

    /// Deletes up to `limit` handled notifications past their retention, and returns their number.
    ///
    /// Nothing else is ever deleted.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond.
    pub async fn purge(&self, limit: u64) -> Result<u64, StoreError> {
        let past = format!("state = 'done' AND due <= {}", D::STARTED);
        let sql = D::purge(&self.table(), &past, "due", limit.min(MAX_PURGE));
        self.store.changed(sql).await
    }
}

//! Monitoring and manual operations.

use std::time::Duration;

use sqlx::{Row as _, postgres::PgRow};
use wechatpay_core::idempotency::{EventKey, StoreError};

use super::{Inbox, StoredNotification, store_error};
use crate::{
    postgres::{dialect::schema, literal::Text},
    sql::{dialect::Dialect as _, leases::MAX_PURGE},
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
    fn read_row(row: &PgRow) -> Result<Self, StoreError> {
        let attempts: i32 = row.try_get("attempts").map_err(store_error)?;
        Ok(Self {
            notification: StoredNotification::read_row(row)?,
            attempts: attempts.unsigned_abs(),
            last_error: row.try_get("last_error").map_err(store_error)?,
        })
    }
}

/// Logs the key of a row that cannot be read.
pub(super) fn unreadable(row: &PgRow, error: &StoreError) {
    let (scope, event) = raw_key(row);
    tracing::error!(
        target: "wechatpay::stores", scope, event, error = %error,
        "a notification in the inbox cannot be read; correct its row or delete it"
    );
}

/// Reads scope and id of a row without checking them.
pub(super) fn raw_key(row: &PgRow) -> (String, String) {
    let text = |name: &str| row.try_get(name).unwrap_or_default();
    (text("scope"), text("event"))
}

impl Inbox {
    /// Returns the number of notifications in each state, for metrics.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond.
    pub async fn counts(&self) -> Result<InboxCounts, StoreError> {
        let sql = format!(
            "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'held'), \
               count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'dead'), \
               (extract(epoch FROM clock_timestamp() - min(accepted_at) FILTER (WHERE state IN ('waiting', 'held'))) \
                 * 1000)::bigint \
             FROM {}.inbox",
            schema(&self.store.name)
        );
        let row = self
            .store
            .row(sql)
            .await?
            .ok_or(StoreError::Corrupt("counts are missing"))?;
        let number = |place: usize| {
            row.try_get::<i64, _>(place)
                .map(i64::unsigned_abs)
                .map_err(store_error)
        };
        let oldest: Option<i64> = row.try_get(4).map_err(store_error)?;
        Ok(InboxCounts {
            waiting: number(0)?,
            in_progress: number(1)?,
            done: number(2)?,
            dead: number(3)?,
            oldest: oldest.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0))),
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
            "SELECT {columns}, attempts, coalesce(last_error, '') AS last_error FROM {schema}.inbox AS inbox \
             WHERE state = 'dead' ORDER BY finished_at DESC LIMIT {limit}",
            columns = StoredNotification::COLUMNS,
            schema = schema(&self.store.name),
        );
        let rows = self.store.rows(sql).await?;
        let letters = rows.iter().filter_map(|row| match DeadLetter::read_row(row) {
            Ok(letter) => Some(letter),
            Err(error) => {
                unreadable(row, &error);
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
        let change = "SET state = 'waiting', attempts = 0, due = clock_timestamp(), finished_at = NULL";
        let requeued = self.change_dead(key, change).await?;
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
            "SET state = 'done', plaintext = NULL, due = clock_timestamp() + {}",
            crate::postgres::literal::Interval(self.options.limits.get_retention())
        );
        self.change_dead(key, &change).await
    }

    async fn change_dead(&self, key: &EventKey, change: &str) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE {}.inbox {change} WHERE scope = {} AND event = {} AND state = 'dead' RETURNING 1",
            schema(&self.store.name),
            Text(key.scope()),
            Text(key.event())
        );
        Ok(self.store.row(sql).await?.is_some())
    }

    /// Deletes up to `limit` handled notifications past their retention, and returns their number.
    ///
    /// Nothing else is ever deleted.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server does not respond.
    pub async fn purge(&self, limit: u64) -> Result<u64, StoreError> {
        let table = sqlx::Postgres::table(&self.store.name, "inbox");
        let past = "state = 'done' AND due <= statement_timestamp()";
        let sql = sqlx::Postgres::purge(&table, past, "due", limit.min(MAX_PURGE));
        self.store.changed(sql).await
    }
}

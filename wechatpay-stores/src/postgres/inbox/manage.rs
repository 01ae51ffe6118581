//! For people and their monitoring.

use std::time::Duration;

use sqlx::{Row as _, postgres::PgRow};
use wechatpay_core::idempotency::{NotificationKey, StoreError};

use super::{Inbox, StoredNotification};
use crate::postgres::{
    claims::{MAX_PURGE, count},
    error::store_error,
    literal::Text,
};

/// How many notifications are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboxCounts {
    /// To be handled, now or after a pause.
    pub waiting: u64,
    /// Being handled, or held by a worker that died until its lease ends.
    pub in_progress: u64,
    /// Handled, and not yet forgotten.
    pub done: u64,
    /// Given up. Needs a human.
    pub dead: u64,
    /// How long the oldest that is not handled has been there, given-up ones aside.
    pub oldest: Option<Duration>,
}

/// A notification that was given up after its attempts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeadLetter {
    /// What it says.
    pub notification: StoredNotification,
    /// How often it was tried.
    pub attempts: u32,
    /// How its last attempt ended.
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

/// Logs a row that cannot be read, by its key.
pub(super) fn unreadable(row: &PgRow, error: &StoreError) {
    let (scope, id) = raw_key(row);
    tracing::error!(
        target: "wechatpay::stores", scope, id, error = %error,
        "a notification in the inbox cannot be read; put its row right, or delete it"
    );
}

/// Scope and id of a row as they are, sound or not.
pub(super) fn raw_key(row: &PgRow) -> (String, String) {
    let text = |name: &str| row.try_get(name).unwrap_or_default();
    (text("scope"), text("id"))
}

impl Inbox {
    /// Counts, for metrics.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn counts(&self) -> Result<InboxCounts, StoreError> {
        let sql = format!(
            "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'claimed'), \
               count(*) FILTER (WHERE state = 'done'), count(*) FILTER (WHERE state = 'dead'), \
               (extract(epoch FROM clock_timestamp() - min(accepted_at) FILTER (WHERE state IN ('waiting', 'claimed'))) \
                 * 1000)::bigint \
             FROM {}.inbox",
            self.store.schema
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

    /// Returns what was given up, the latest first. A row that cannot be read is left out and logged as an error.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn dead_letters(&self, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        let sql = format!(
            "SELECT {columns}, attempts, coalesce(last_error, '') AS last_error FROM {schema}.inbox AS inbox \
             WHERE state = 'dead' ORDER BY finished_at DESC LIMIT {limit}",
            columns = StoredNotification::COLUMNS,
            schema = self.store.schema,
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

    /// Puts a given-up notification back, with all its attempts before it. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn requeue(&self, key: &NotificationKey) -> Result<bool, StoreError> {
        let change = "SET state = 'waiting', attempts = 0, due = clock_timestamp(), finished_at = NULL";
        let requeued = self.change_dead(key, change).await?;
        if requeued {
            self.arrived.notify_one();
        }
        Ok(requeued)
    }

    /// Marks a given-up notification as done without handling it, and erases its text. Says whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn discard(&self, key: &NotificationKey) -> Result<bool, StoreError> {
        let change = format!(
            "SET state = 'done', plaintext = NULL, due = clock_timestamp() + {}",
            crate::postgres::literal::Interval(self.options.limits.get_retention())
        );
        self.change_dead(key, &change).await
    }

    async fn change_dead(&self, key: &NotificationKey, change: &str) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE {}.inbox {change} WHERE scope = {} AND id = {} AND state = 'dead' RETURNING 1",
            self.store.schema,
            Text(key.scope()),
            Text(key.id())
        );
        Ok(self.store.row(sql).await?.is_some())
    }

    /// Forgets up to `limit` notifications that were handled and are past their retention, and says how many. Nothing else
    /// is ever deleted.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn purge(&self, limit: u64) -> Result<u64, StoreError> {
        let sql = format!(
            "WITH past AS MATERIALIZED (SELECT scope, id FROM {schema}.inbox \
               WHERE state = 'done' AND due <= statement_timestamp() ORDER BY due LIMIT {limit} FOR UPDATE SKIP LOCKED), \
             gone AS (DELETE FROM {schema}.inbox AS inbox USING past \
               WHERE inbox.scope = past.scope AND inbox.id = past.id RETURNING 1) \
             SELECT count(*) FROM gone",
            schema = self.store.schema,
            limit = limit.min(MAX_PURGE),
        );
        count(self.store.row(sql).await?)
    }
}

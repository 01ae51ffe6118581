//! Leases of workers in the inbox, one statement for each operation.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use tokio::time::Instant;
use wechatpay_core::idempotency::{EventKey, Fence, StoreError};

use super::{
    Inbox, StoredNotification,
    manage::{raw_key, unreadable},
    store_error,
};
use crate::postgres::{
    dialect::{DURABLY, schema},
    literal::{Interval, Text},
    transaction::settings,
};

/// Reference to a row that cannot exist, which PostgreSQL checks at the commit.
const UNCOMMITTED: &str = "1";
/// Number of characters of a handler's error that are stored.
const LONGEST_ERROR: usize = 500;
/// Error text of a notification whose worker died at each attempt.
const DIED: &str = "the worker died in each attempt";
/// Error text of a row that this version cannot read.
const UNREADABLE: &str = "the row cannot be read";

/// A notification that a worker holds.
pub(super) struct Held {
    pub(super) notification: StoredNotification,
    pub(super) fence: Fence,
    pub(super) attempt: u32,
    /// Time of the request: the lease cannot have begun earlier.
    pub(super) asked: Instant,
}

/// Result of a look for work.
pub(super) enum Picked {
    Work(Box<Held>),
    /// A notification was given up; look again.
    ///
    /// No worker survived it, or its row cannot be read.
    GivenUp,
    Nothing,
}

impl Inbox {
    /// Acquires the lease of the notification that is due longest.
    ///
    /// Rows that other workers look at are skipped.
    pub(super) async fn pick(&self) -> Result<Picked, StoreError> {
        // The time of the statement can be used with an index, and the statement waits for no lock.
        let sql = format!(
            "WITH next AS MATERIALIZED (SELECT scope, event, attempts >= {attempts} AS spent FROM {schema}.inbox \
               WHERE state IN ('waiting', 'held') AND due <= statement_timestamp() \
               ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED) \
             UPDATE {schema}.inbox AS inbox SET fence = fence + 1, \
               state = CASE WHEN spent THEN 'dead' ELSE 'held' END, \
               attempts = CASE WHEN spent THEN attempts ELSE attempts + 1 END, \
               due = clock_timestamp() + {lease}, \
               finished_at = CASE WHEN spent THEN clock_timestamp() END, \
               last_error = CASE WHEN spent THEN coalesce(last_error, {died}) ELSE last_error END \
             FROM next, {DURABLY} WHERE inbox.scope = next.scope AND inbox.event = next.event \
             RETURNING {columns}, inbox.state, inbox.fence, inbox.attempts",
            attempts = self.options.attempts,
            schema = schema(&self.store.name),
            lease = Interval(self.options.limits.get_lease()),
            died = Text(DIED),
            columns = StoredNotification::COLUMNS,
        );
        let asked = Instant::now();
        let Some(row) = self.store.row(sql).await? else {
            return Ok(Picked::Nothing);
        };
        let fence: i64 = row.try_get("fence").map_err(store_error)?;
        let fence = Fence::from_u64(fence.unsigned_abs());
        let state: String = row.try_get("state").map_err(store_error)?;
        let notification = match StoredNotification::read_row(&row) {
            Ok(notification) => notification,
            // It must not block the others.
            Err(error) => {
                unreadable(&row, &error);
                let (scope, event) = raw_key(&row);
                let change = format!(
                    "SET state = 'dead', finished_at = clock_timestamp(), last_error = {}",
                    Text(UNREADABLE)
                );
                let sql = self.change_sql(&held_by(&scope, &event, fence), &change);
                self.store.row(sql).await?;
                return Ok(Picked::GivenUp);
            }
        };
        if state == "dead" {
            tracing::error!(target: "wechatpay::stores", key = %notification.event().key(), "a notification was given up: {DIED}");
            return Ok(Picked::GivenUp);
        }
        let attempts: i32 = row.try_get("attempts").map_err(store_error)?;
        Ok(Picked::Work(Box::new(Held {
            notification,
            fence,
            attempt: attempts.unsigned_abs(),
            asked,
        })))
    }

    /// Renews the lease; `false` if it is lost.
    pub(super) async fn renew(&self, key: &EventKey, fence: Fence) -> Result<bool, StoreError> {
        let change = format!(
            "SET due = clock_timestamp() + {}",
            Interval(self.options.limits.get_lease())
        );
        self.change(key, fence, &change).await
    }

    /// Marks as done and erases the text; `false` if the lease is lost.
    pub(super) async fn complete(&self, key: &EventKey, fence: Fence) -> Result<bool, StoreError> {
        let sql = self.complete_sql(&held(key, fence));
        Ok(self.store.row(sql).await?.is_some())
    }

    /// Marks as done inside a transaction; `false` if the lease is lost.
    pub(super) async fn complete_in(
        &self,
        transaction: &mut PgConnection,
        key: &EventKey,
        fence: Fence,
    ) -> Result<bool, sqlx::Error> {
        let row = sqlx::raw_sql(AssertSqlSafe(self.complete_sql(&held_here(key, fence))))
            .fetch_optional(transaction)
            .await?;
        Ok(row.is_some())
    }

    fn complete_sql(&self, held: &str) -> String {
        let change = format!(
            "SET state = 'done', plaintext = NULL, last_error = NULL, uncommitted = NULL, \
               finished_at = clock_timestamp(), due = clock_timestamp() + {} FROM {DURABLY}",
            Interval(self.options.limits.get_retention())
        );
        self.change_sql(held, &change)
    }

    /// Releases the lease without counting the attempt, for a stop.
    pub(super) async fn put_back(&self, key: &EventKey, fence: Fence) -> Result<bool, StoreError> {
        let change = "SET state = 'waiting', due = clock_timestamp(), attempts = attempts - 1";
        self.change(key, fence, change).await
    }

    /// Stores a failed attempt, after which the notification is retried or given up.
    ///
    /// The text of the error is arbitrary, so it is a parameter, inside a transaction.
    pub(super) async fn fail(
        &self,
        key: &EventKey,
        fence: Fence,
        attempt: u32,
        error: &str,
    ) -> Result<(), StoreError> {
        let change = if attempt >= self.options.attempts {
            "SET state = 'dead', finished_at = clock_timestamp(), last_error = $1".to_owned()
        } else {
            format!(
                "SET state = 'waiting', due = clock_timestamp() + {}, last_error = $1",
                Interval(self.options.pause(attempt))
            )
        };
        let sql = self.change_sql(&held(key, fence), &change);
        let write = async {
            let begin = settings(self.store.timeout, self.store.timeout);
            let mut transaction = self.store.pool.begin_with(AssertSqlSafe(begin)).await?;
            sqlx::query(AssertSqlSafe(sql))
                .bind(shortened(error))
                .persistent(false)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await
        };
        match tokio::time::timeout(self.store.timeout, write).await {
            Ok(outcome) => outcome.map_err(store_error),
            Err(late) => Err(StoreError::unavailable(late)),
        }
    }

    /// Locks the row of a lease in a transaction; `false` if the lease is lost.
    ///
    /// Nobody can take the lease over while the transaction lasts, and no commit passes before
    /// [`complete_in`](Self::complete_in).
    pub(super) async fn hold_in(
        &self,
        transaction: &mut PgConnection,
        key: &EventKey,
        fence: Fence,
        after: &str,
    ) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "UPDATE {}.inbox SET uncommitted = {UNCOMMITTED} WHERE {} RETURNING {after}",
            schema(&self.store.name),
            held(key, fence)
        );
        let row = sqlx::raw_sql(AssertSqlSafe(sql))
            .fetch_optional(transaction)
            .await?;
        Ok(row.is_some())
    }

    async fn change(&self, key: &EventKey, fence: Fence, change: &str) -> Result<bool, StoreError> {
        let sql = self.change_sql(&held(key, fence), change);
        Ok(self.store.row(sql).await?.is_some())
    }

    fn change_sql(&self, held: &str, change: &str) -> String {
        format!(
            "UPDATE {}.inbox {change} WHERE {held} RETURNING 1",
            schema(&self.store.name)
        )
    }
}

fn held(key: &EventKey, fence: Fence) -> String {
    held_by(key.scope(), key.event(), fence)
}

fn held_by(scope: &str, event: &str, fence: Fence) -> String {
    format!(
        "scope = {} AND event = {} AND fence = {fence} AND state = 'held'",
        Text(scope),
        Text(event)
    )
}

/// Condition that only the transaction that locked the row fulfils.
fn held_here(key: &EventKey, fence: Fence) -> String {
    format!("{} AND uncommitted IS NOT NULL", held(key, fence))
}

/// Cuts the text at a character and removes NUL.
fn shortened(error: &str) -> String {
    error
        .chars()
        .filter(|&character| character != '\0')
        .take(LONGEST_ERROR)
        .collect()
}

//! Leases of workers in the inbox, one statement for each operation.

use std::time::Duration;

use tokio::time::Instant;
use wechatpay_core::idempotency::{EventKey, Fence, StoreError};

use super::{
    SqlInbox, StoredNotification,
    lease::Lease,
    manage::{raw_key, unreadable},
};
use crate::sql::{
    dialect::{Dialect, Fault, Value},
    error::{fault, store_error},
    leases::{held, no_token},
};

/// Number of characters of a handler's error that are stored.
const LONGEST_ERROR: usize = 500;
/// Error text of a notification whose worker died at each attempt.
const DIED: &str = "the worker died in each attempt";
/// Error text of a row that this version cannot read.
const UNREADABLE: &str = "the row cannot be read";

/// A notification that a worker holds.
pub(super) struct Held<D: Dialect> {
    pub(super) notification: StoredNotification,
    pub(super) attempt: u32,
    pub(super) lease: Lease<D>,
}

/// Result of a look for work.
pub(super) enum Picked<D: Dialect> {
    Work(Box<Held<D>>),
    /// A notification was given up; look again.
    ///
    /// No worker survived it, or its row cannot be read.
    GivenUp,
    Nothing,
}

impl<D: Dialect> SqlInbox<D> {
    /// Acquires the lease of the notification that is due longest.
    ///
    /// Rows that other workers look at are skipped.
    pub(super) async fn pick(&self, lease: Duration) -> Result<Picked<D>, StoreError> {
        // The number of attempts changes last: some databases read what was set before in the same statement.
        let change = format!(
            "state = CASE WHEN attempts >= {attempts} THEN 'dead' ELSE 'held' END, \
             finished_at = CASE WHEN attempts >= {attempts} THEN {now} END, \
             last_error = CASE WHEN attempts >= {attempts} THEN coalesce(last_error, {died}) ELSE last_error END, \
             fence = fence + 1, due = {until}, \
             attempts = CASE WHEN attempts >= {attempts} THEN attempts ELSE attempts + 1 END",
            attempts = self.options.attempts,
            now = D::NOW,
            died = D::text(DIED),
            until = D::after(lease),
        );
        // The time of the statement can be used with an index, and the statement waits for no lock.
        let due = format!("state IN ('waiting', 'held') AND due <= {}", D::STARTED);
        let columns = format!("{}, state, fence, attempts", StoredNotification::COLUMNS);
        let sql = D::take(&self.table(), &change, &due, &columns).map_err(no_token)?;
        let asked = Instant::now();
        let Some(row) = self.store.row(sql).await? else {
            return Ok(Picked::Nothing);
        };
        let number = |column: &str| D::integer(&row, column).map_err(store_error::<D>);
        let fence = Fence::from_u64(number("fence")?.unwrap_or(0).unsigned_abs());
        let state = D::string(&row, "state").map_err(store_error::<D>)?;
        let notification = match StoredNotification::read_row::<D>(&row) {
            Ok(notification) => notification,
            // It must not block the others.
            Err(error) => {
                unreadable::<D>(&row, &error);
                let (scope, event) = raw_key::<D>(&row);
                let change = format!(
                    "SET state = 'dead', finished_at = {}, last_error = {}",
                    D::NOW,
                    D::text(UNREADABLE)
                );
                let held = format!(
                    "scope = {} AND event = {} AND fence = {fence} AND state = 'held'",
                    D::text(&scope),
                    D::text(&event)
                );
                self.store.changed(self.change_sql(&held, &change)).await?;
                return Ok(Picked::GivenUp);
            }
        };
        if state.as_deref() == Some("dead") {
            tracing::error!(target: "wechatpay::stores", key = %notification.event().key(), "a notification was given up: {DIED}");
            return Ok(Picked::GivenUp);
        }
        let attempt = number("attempts")?.and_then(|attempts| u32::try_from(attempts).ok());
        let lease = Lease::new(self, notification.event().key(), fence, asked);
        Ok(Picked::Work(Box::new(Held {
            notification,
            attempt: attempt.unwrap_or(0),
            lease,
        })))
    }

    /// Renews the lease; `false` if it is lost.
    pub(super) async fn renew(&self, key: &EventKey, fence: Fence) -> Result<bool, StoreError> {
        let change = format!("SET due = {}", D::after(self.options.limits.get_lease()));
        self.change(key, fence, &change).await
    }

    /// Marks as done and erases the text; `false` if the lease is lost.
    pub(super) async fn complete(&self, key: &EventKey, fence: Fence) -> Result<bool, StoreError> {
        Ok(self.store.changed(self.complete_sql(key, fence)).await? > 0)
    }

    /// Writes the statement that marks as done and erases the text.
    pub(super) fn complete_sql(&self, key: &EventKey, fence: Fence) -> String {
        let change = format!(
            "SET state = 'done', plaintext = NULL, last_error = NULL{}, finished_at = {}, due = {}{}",
            D::RELEASED,
            D::NOW,
            D::after(self.options.limits.get_retention()),
            D::DURABLY
        );
        self.change_sql(&held::<D>(key, fence), &change)
    }

    /// Writes the statement that locks the row of a lease in a transaction.
    ///
    /// Nobody can take the lease over while the transaction lasts.
    pub(super) fn hold_sql(&self, key: &EventKey, fence: Fence) -> String {
        D::hold(&self.table(), &held::<D>(key, fence))
    }

    /// Releases the lease without counting the attempt, for a stop.
    pub(super) async fn put_back(&self, key: &EventKey, fence: Fence) -> Result<bool, StoreError> {
        let change = format!("SET state = 'waiting', due = {}, attempts = attempts - 1", D::NOW);
        self.change(key, fence, &change).await
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
        let place = D::place(1);
        let change = if attempt >= self.options.attempts {
            format!(
                "SET state = 'dead', finished_at = {}, last_error = {place}",
                D::NOW
            )
        } else {
            format!(
                "SET state = 'waiting', due = {}, last_error = {place}",
                D::after(self.options.pause(attempt))
            )
        };
        let sql = self.change_sql(&held::<D>(key, fence), &change);
        let write = async {
            loop {
                match self.write(sql.clone(), shortened(error)).await {
                    // It changed nothing. Without it the notification would wait for the end of its lease.
                    Err(error) if matches!(fault::<D>(&error), Fault::Conflict | Fault::Locked) => {}
                    outcome => return outcome,
                }
            }
        };
        match tokio::time::timeout(self.store.timeout, write).await {
            Ok(outcome) => outcome.map_err(store_error::<D>),
            Err(late) => Err(StoreError::unavailable(late)),
        }
    }

    /// Runs a statement with one parameter in a transaction.
    async fn write(&self, sql: String, text: String) -> Result<(), sqlx::Error> {
        let begin = D::begin(&self.store.name, self.store.timeout, self.store.timeout);
        let mut open = self.store.open(begin).await?;
        D::bound(open.connection(), sql, vec![Value::Text(Some(text))]).await?;
        open.commit().await
    }

    async fn change(&self, key: &EventKey, fence: Fence, change: &str) -> Result<bool, StoreError> {
        let sql = self.change_sql(&held::<D>(key, fence), change);
        Ok(self.store.changed(sql).await? > 0)
    }

    fn change_sql(&self, held: &str, change: &str) -> String {
        format!("UPDATE {} {change} WHERE {held}", self.table())
    }
}

/// Cuts the text at a character and removes NUL.
fn shortened(error: &str) -> String {
    error
        .chars()
        .filter(|&character| character != '\0')
        .take(LONGEST_ERROR)
        .collect()
}

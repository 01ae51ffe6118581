//! Acceptance of notifications into the inbox.

use std::{convert::Infallible, time::Duration};

use sqlx::{AssertSqlSafe, Postgres, Row as _};
use wechatpay_core::{
    idempotency::{CONTRADICTION, Event, IdempotencyError, StoreError},
    notify::{KeptNotification, VerifiedNotification},
};

use super::{Inbox, store_error};
use crate::{
    postgres::{dialect::schema, transaction::settings},
    sql::{dialect::Fault, error::fault},
};

/// Result of [`Inbox::accept`]: the notification is durable and may be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accepted {
    /// The notification is new.
    Stored,
    /// The notification was in the inbox already, handled or not.
    AlreadyStored,
}

impl Inbox {
    /// Stores a notification durably, so that it may be acknowledged.
    ///
    /// # Errors
    /// - [`IdempotencyError::Contradiction`] if the event is known with other facts, or the id with another event.
    /// - [`IdempotencyError::InProgress`] if a copy is being stored at this moment.
    /// - [`IdempotencyError::Begin`] if the store failed. The notification may have been stored; the next delivery
    ///   finds out.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the notification stored or not stored.
    pub async fn accept(
        &self,
        notification: &VerifiedNotification,
    ) -> Result<Accepted, IdempotencyError<Infallible>> {
        let event = Event::of(notification).map_err(IdempotencyError::Begin)?;
        let kept = notification
            .keep()
            .map_err(|_| IdempotencyError::Begin(StoreError::Corrupt("the resource is no JSON")))?;
        let attempt = self.store_it(&kept, &event);
        let outcome = match tokio::time::timeout(self.store.timeout, attempt).await {
            Ok(Err(error)) if matches!(fault::<Postgres>(&error), Fault::Locked | Fault::Conflict) => {
                return Err(IdempotencyError::InProgress {
                    remaining: self.store.timeout,
                });
            }
            Ok(outcome) => outcome.map_err(store_error),
            Err(late) => Err(StoreError::unavailable(late)),
        };
        match outcome.map_err(IdempotencyError::Begin)? {
            Some(accepted) => {
                if accepted == Accepted::Stored {
                    self.arrived.notify_one();
                }
                Ok(accepted)
            }
            None => {
                tracing::error!(target: "wechatpay::stores", key = %event.key(), facts = event.facts(), id = kept.id, "{CONTRADICTION}");
                Err(IdempotencyError::Contradiction)
            }
        }
    }

    /// Inserts the notification unless it exists; `None` if it contradicts one that exists.
    ///
    /// It runs in a transaction, because parameters work behind a pooler only there. The text must be a parameter,
    /// because servers log statements.
    async fn store_it(
        &self,
        kept: &KeptNotification,
        event: &Event,
    ) -> Result<Option<Accepted>, sqlx::Error> {
        let schema = schema(&self.store.name);
        let begin = settings(self.store.timeout, self.store.timeout.min(Duration::from_secs(1)));
        let mut transaction = self.store.pool.begin_with(AssertSqlSafe(begin)).await?;
        let insert = format!(
            "INSERT INTO {schema}.inbox (scope, event, facts, notification_id, digest, event_type, original_type, combined, key_id, \
               create_time, summary, signed_at, plaintext, state, fence, attempts, due) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'waiting', 0, 0, clock_timestamp()) ON CONFLICT DO NOTHING"
        );
        let inserted = sqlx::query(AssertSqlSafe(insert))
            .bind(event.key().scope())
            .bind(event.key().event())
            .bind(event.facts())
            .bind(&kept.id)
            .bind(kept.digest.as_bytes().as_slice())
            .bind(&kept.event_type)
            .bind(storable(&kept.original_type))
            .bind(kept.combined)
            .bind(kept.key_id.as_str())
            .bind(storable(&kept.create_time))
            .bind(storable(&kept.summary))
            .bind(kept.signed_at)
            .bind(kept.plaintext.as_str())
            .persistent(false)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if inserted == 1 {
            transaction.commit().await?;
            return Ok(Some(Accepted::Stored));
        }
        let look = format!(
            "SELECT event, facts FROM {schema}.inbox WHERE scope = $1 AND (event = $2 OR notification_id = $3)"
        );
        let known = sqlx::query(AssertSqlSafe(look))
            .bind(event.key().scope())
            .bind(event.key().event())
            .bind(&kept.id)
            .persistent(false)
            .fetch_all(&mut *transaction)
            .await?;
        transaction.rollback().await?;
        if known.is_empty() {
            // Purged between the two statements; the next delivery stores it again.
            return Err(sqlx::Error::RowNotFound);
        }
        for row in known {
            let (key, facts): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            if key != event.key().event() || facts != event.facts() {
                return Ok(None);
            }
        }
        Ok(Some(Accepted::AlreadyStored))
    }
}

/// Removes NUL, the one character that PostgreSQL's `text` cannot hold.
fn storable(text: &Option<String>) -> Option<String> {
    text.as_ref().map(|text| text.replace('\0', ""))
}

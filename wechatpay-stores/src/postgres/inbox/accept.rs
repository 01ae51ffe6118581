//! Acceptance of notifications into the inbox.

use std::{convert::Infallible, time::Duration};

use sqlx::{AssertSqlSafe, Row as _};
use wechatpay_core::{
    idempotency::{IdempotencyError, NotificationKey, StoreError},
    notify::{KeptNotification, VerifiedNotification},
};

use super::Inbox;
use crate::postgres::{
    error::{is_conflict, is_locked, store_error},
    transactional::begin_transaction_sql,
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
    /// - [`IdempotencyError::IdReused`] if the id was used before for another payload.
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
        let key = NotificationKey::of(notification).map_err(|error| IdempotencyError::Begin(error.into()))?;
        let kept = notification
            .keep()
            .map_err(|_| IdempotencyError::Begin(StoreError::Corrupt("the resource is no JSON")))?;
        let attempt = self.store_it(&kept, &key);
        let outcome = match tokio::time::timeout(self.store.timeout, attempt).await {
            Ok(Err(error)) if is_locked(&error) || is_conflict(&error) => {
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
                tracing::error!(target: "wechatpay::stores", key = %key, "the id of a notification was reused for another payload");
                Err(IdempotencyError::IdReused)
            }
        }
    }

    /// Inserts the notification unless it exists; `None` if it exists with another digest.
    ///
    /// It runs in a transaction, because parameters work behind a pooler only there. The text must be a parameter,
    /// because servers log statements.
    async fn store_it(
        &self,
        kept: &KeptNotification,
        key: &NotificationKey,
    ) -> Result<Option<Accepted>, sqlx::Error> {
        let schema = &self.store.schema;
        let begin = begin_transaction_sql(self.store.timeout, self.store.timeout.min(Duration::from_secs(1)));
        let mut transaction = self.store.pool.begin_with(AssertSqlSafe(begin)).await?;
        let insert = format!(
            "INSERT INTO {schema}.inbox (scope, id, digest, event_type, original_type, combined, key_id, create_time, \
               summary, signed_at, plaintext, state, fence, attempts, due) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'waiting', 0, 0, clock_timestamp()) ON CONFLICT DO NOTHING"
        );
        let inserted = sqlx::query(AssertSqlSafe(insert))
            .bind(key.scope())
            .bind(key.id())
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
        let look = format!("SELECT digest FROM {schema}.inbox WHERE scope = $1 AND id = $2");
        let known: Option<Vec<u8>> = sqlx::query(AssertSqlSafe(look))
            .bind(key.scope())
            .bind(key.id())
            .persistent(false)
            .fetch_optional(&mut *transaction)
            .await?
            .map(|row| row.try_get(0))
            .transpose()?;
        transaction.rollback().await?;
        match known {
            Some(known) => Ok((known == kept.digest.as_bytes()).then_some(Accepted::AlreadyStored)),
            // Purged between the two statements; the next delivery stores it again.
            None => Err(sqlx::Error::RowNotFound),
        }
    }
}

/// Removes NUL, the one character that PostgreSQL's `text` cannot hold.
fn storable(text: &Option<String>) -> Option<String> {
    text.as_ref().map(|text| text.replace('\0', ""))
}

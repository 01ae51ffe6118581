//! Acceptance of notifications into the inbox.

use std::{convert::Infallible, time::Duration};

use wechatpay_core::{
    idempotency::{CONTRADICTION, Event, IdempotencyError, StoreError},
    notify::{KeptNotification, VerifiedNotification},
};

use super::SqlInbox;
use crate::sql::{
    dialect::{Dialect, Fault, Value},
    error::{fault, store_error},
};

/// Result of [`SqlInbox::accept`]: the notification is durable and may be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accepted {
    /// The notification is new.
    Stored,
    /// The notification was in the inbox already, handled or not.
    AlreadyStored,
}

impl<D: Dialect> SqlInbox<D> {
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
            Ok(Err(error)) if matches!(fault::<D>(&error), Fault::Locked | Fault::Conflict) => {
                return Err(IdempotencyError::InProgress {
                    remaining: self.store.timeout,
                });
            }
            Ok(outcome) => outcome.map_err(store_error::<D>),
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
        let begin = D::begin(
            &self.store.name,
            self.store.timeout,
            self.store.timeout.min(Duration::from_secs(1)),
        );
        let mut open = self.store.open(begin).await?;
        let values = vec![
            Value::text(event.key().scope()),
            Value::text(event.key().event()),
            Value::text(event.facts()),
            Value::text(&kept.id),
            Value::Bytes(kept.digest.as_bytes().to_vec()),
            Value::text(&kept.event_type),
            Value::Text(storable(&kept.original_type)),
            Value::Boolean(kept.combined),
            Value::text(kept.key_id.as_str()),
            Value::Text(storable(&kept.create_time)),
            Value::Text(storable(&kept.summary)),
            Value::Integer(kept.signed_at),
            Value::text(kept.plaintext.as_str()),
        ];
        let places: Vec<String> = (1..=values.len()).map(D::place).collect();
        let insert = format!(
            "INSERT INTO {table} (scope, event, facts, notification_id, digest, event_type, original_type, combined, key_id, \
               create_time, summary, signed_at, plaintext, state, fence, attempts, due, accepted_at) \
             VALUES ({places}, 'waiting', 0, 0, {now}, {now}){quietly}",
            table = self.table(),
            places = places.join(", "),
            now = D::NOW,
            quietly = D::INSERT_QUIETLY,
        );
        match D::bound(open.connection(), insert, values).await {
            Ok(1) => {
                open.commit().await?;
                return Ok(Some(Accepted::Stored));
            }
            Ok(_) => {}
            Err(error) if fault::<D>(&error) == Fault::Taken => {}
            Err(error) => return Err(error),
        }
        let look = format!(
            "SELECT event, facts FROM {} WHERE scope = {} AND (event = {} OR notification_id = {})",
            self.table(),
            D::text(event.key().scope()),
            D::text(event.key().event()),
            D::text(&kept.id),
        );
        let known = D::rows(open.connection(), look).await?;
        open.give_up().await?;
        if known.is_empty() {
            // Purged between the two statements; the next delivery stores it again.
            return Err(sqlx::Error::RowNotFound);
        }
        for row in known {
            let (key, facts) = (D::string(&row, "event")?, D::string(&row, "facts")?);
            if key.as_deref() != Some(event.key().event()) || facts.as_deref() != Some(event.facts()) {
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

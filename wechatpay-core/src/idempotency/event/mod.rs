//! Business events: each is handled once, whichever way the shop learns of it.

mod families;
mod members;
mod parts;
mod queried;

use std::{borrow::Cow, fmt, time::Duration};

pub use queried::Queried;

use super::{BeginRequest, EventKey, Limits, StoreError};
use crate::{notify::VerifiedNotification, types::Mchid, verify::Verified};

/// Event that is handled once: its key, its facts and its source.
///
/// The key is merchant, kind, number and state: `payment/ORDER-1/SUCCESS` or `refund/R-1/SUCCESS`. A notification, the
/// same notification under another id, and a query of the same order are one event. A notification of any other kind is
/// an event of its own: `notification/` and its id.
///
/// The facts are the platform's number and the amount. An event that comes again with other facts is a
/// [contradiction](super::IdempotencyError::Contradiction), which an operator must look into.
///
/// | Kind | Number | States |
/// |---|---|---|
/// | `payment` | `out_trade_no` | `SUCCESS`, `REFUND`, `CLOSED`, `REVOKED`, `PAYERROR` |
/// | `combined` | `combine_out_trade_no` | `SUCCESS`, `REFUND`, `CLOSED`, `MIXED`, of all sub-orders: [`CombinedState`] |
/// | `refund` | `out_refund_no` | `SUCCESS`, `CLOSED`, `ABNORMAL` |
/// | `share` | `out_order_no` | `FINISHED`, `CLOSED` and older words; each receiver has its own result |
/// | `share-return` | `out_return_no` | `SUCCESS`, `FAILED` |
/// | `withdrawal` | `out_request_no` | `SUCCESS`, `FAIL`, `REFUND`, `CLOSE`; of a day's balance `FINISHED`, `ABNORMAL`, `REFUND` |
/// | `payscore` (feature `payscore`) | `out_order_no` | `USER_PAID` |
/// | `recharge` (feature `sub-merchant-recharge`) | `out_recharge_no` | `SUCCESS`, `CLOSED` |
/// | `settlement` (feature `personal-receivers`) | `out_settle_batch_no` | `SUCCESS`, `DEDUCT_FEE_FAIL`, `ABNORMAL`, `ABNORMAL_SETTLE_SUCCESS` |
/// | `abnormal-funds` (feature `abnormal-funds`) | `receipt_id` | `RECEIPT_STATE_COMPLETED` |
/// | `transfer` (feature `transfers`) | `out_bill_no` | `SUCCESS`, `FAIL`, `CANCELLED` |
/// | `notification` | id of the notification | none |
///
/// Other events may come again with the same number and state: a complaint is answered and goes on, a coupon is used
/// again, a contract is signed anew. Each of their notifications is an event of its own.
///
/// A share has no notification: the one of profit sharing goes to the receiver and tells of its money alone, so it is an
/// event of its own.
///
/// [`CombinedState`]: crate::api::combine::CombinedState
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    key: EventKey,
    facts: Box<str>,
    event_type: Cow<'static, str>,
    source: Source,
}

/// Source from which a shop learns of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// A verified notification.
    Notification {
        /// Id of the notification.
        id: Box<str>,
    },
    /// The verified response to a query.
    Query,
}

impl Event {
    /// Returns the event of a notification.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if id or resource cannot be read. A verified notification's have been checked.
    pub fn of(notification: &VerifiedNotification) -> Result<Self, StoreError> {
        let scope = notification.receiver();
        let known =
            members::parts(notification).and_then(|parts| Some((parts.key(scope).ok()?, parts.facts)));
        let (key, facts) = match known {
            Some(known) => known,
            None => {
                let key = EventKey::new(scope.as_str(), &format!("notification/{}", notification.id()))?;
                let digest = notification.digest();
                let digest = digest.map_err(|_| StoreError::Corrupt("the resource is no JSON"))?;
                (key, digest.to_string())
            }
        };
        Ok(Self {
            key,
            facts: facts.into(),
            event_type: Cow::Owned(notification.event_type().as_str().to_owned()),
            source: Source::Notification {
                id: notification.id().into(),
            },
        })
    }

    /// Returns the event of the response to a query; `None` while it may still change.
    ///
    /// `merchant` is the one that asked: the service provider in partner mode.
    #[must_use]
    pub fn queried<R: Queried>(merchant: &Mchid, response: &Verified<R>) -> Option<Self> {
        let parts = response.parts()?;
        Some(Self {
            key: parts.key(merchant).ok()?,
            facts: parts.facts.into(),
            event_type: Cow::Borrowed(parts.kind.queried),
            source: Source::Query,
        })
    }

    /// Returns the key.
    #[must_use]
    pub fn key(&self) -> &EventKey {
        &self.key
    }

    /// Returns the facts, in visible ASCII and without data of the payer.
    #[must_use]
    pub fn facts(&self) -> &str {
        &self.facts
    }

    /// Returns the kind of event for operators: that of the notification, or the query.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// Returns the source.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }
}

impl BeginRequest {
    /// Creates a request for the lease of this event, with the retention of `limits`.
    #[must_use]
    pub fn of(event: &Event, lease: Duration, limits: &Limits) -> Self {
        let mut request = Self::new(event.key().clone(), event.facts(), event.event_type(), lease);
        if let Source::Notification { id } = event.source() {
            request.notification_id = Some(id.clone());
        }
        request.retention(limits.get_retention())
    }
}

impl TryFrom<&VerifiedNotification> for Event {
    type Error = StoreError;

    fn try_from(notification: &VerifiedNotification) -> Result<Self, StoreError> {
        Self::of(notification)
    }
}

impl From<&Self> for Event {
    fn from(event: &Self) -> Self {
        event.clone()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("key", &self.key)
            .field("event_type", &self.event_type)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

//! Notifications as the inbox returns them.

use std::{fmt, ops::Deref};

use serde::de::DeserializeOwned;
use wechatpay_core::{
    api::{combine::CombinedTransaction, refunds::RefundNotice, transactions::Transaction},
    idempotency::{Event, StoreError},
    notify::{
        KeptNotification, Notification, NotificationError, PlaintextDigest, Resource, Shape,
        VerifiedNotification,
    },
};
use zeroize::Zeroizing;

use crate::sql::{dialect::Dialect, error::store_error};

/// A verified notification that was read back from the inbox.
///
/// It dereferences to [`VerifiedNotification`], is decoded by the same rules, and its payment can be confirmed against
/// the order:
///
/// ```
/// use wechatpay_core::notify::{Confirmed, Expectation};
/// use wechatpay_stores::postgres::StoredNotification;
///
/// fn paid(stored: &StoredNotification, order: &Expectation) -> Result<Confirmed, Box<dyn std::error::Error>> {
///     Ok(stored.transaction()?.confirm(order)?)
/// }
/// ```
///
/// Only the inbox makes one. Its content is as trustworthy as the table, because the signature no longer protects it:
/// a role that can write the inbox can add payments that never happened. Give write access to the application only.
///
/// ```compile_fail
/// use wechatpay_stores::postgres::StoredNotification;
///
/// let forged = StoredNotification::default();
/// ```
#[derive(Clone)]
pub struct StoredNotification {
    event: Event,
    notification: VerifiedNotification,
}

/// Error of reading a stored notification as a type; it never contains its values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Notifications of this kind hold another resource.
    #[error("a notification of kind {event_type} holds another resource")]
    OtherKind {
        /// Kind of the notification.
        event_type: String,
    },
    /// The resource does not have the shape of its kind.
    #[error("the stored resource is malformed")]
    Malformed(#[source] Shape),
}

impl StoredNotification {
    /// Columns that [`read_row`](Self::read_row) reads.
    pub(super) const COLUMNS: &'static str = "scope, event, facts, notification_id, digest, event_type, original_type, summary, \
         CASE WHEN combined THEN 1 ELSE 0 END AS combined, key_id, create_time, plaintext, signed_at";

    /// Reads a row of the inbox.
    pub(super) fn read_row<D: Dialect>(row: &D::Row) -> Result<Self, StoreError> {
        let corrupt =
            || StoreError::Corrupt("a column of a notification in the inbox is missing or malformed");
        let maybe = |name: &str| D::string(row, name).map_err(store_error::<D>);
        let text = |name: &str| maybe(name)?.ok_or_else(corrupt);
        let number = |name: &str| {
            D::integer(row, name)
                .map_err(store_error::<D>)?
                .ok_or_else(corrupt)
        };
        let digest = D::blob(row, "digest")
            .map_err(store_error::<D>)?
            .ok_or_else(corrupt)?;
        let kept = KeptNotification {
            merchant: text("scope")?.parse().map_err(|_| corrupt())?,
            id: text("notification_id")?,
            event_type: text("event_type")?,
            original_type: maybe("original_type")?,
            summary: maybe("summary")?,
            create_time: maybe("create_time")?,
            combined: number("combined")? != 0,
            key_id: text("key_id")?.parse().map_err(|_| corrupt())?,
            signed_at: number("signed_at")?,
            plaintext: Zeroizing::new(text("plaintext")?),
            digest: PlaintextDigest::from_bytes(digest.try_into().map_err(|_| corrupt())?),
        };
        let notification = kept.give_back().map_err(|_| corrupt())?;
        let event = Event::of(&notification)?;
        if event.key().event() != text("event")? || event.facts() != text("facts")? {
            return Err(corrupt());
        }
        Ok(Self { event, notification })
    }

    /// Returns the event.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// Reads the resource as a payment of a single order.
    ///
    /// # Errors
    /// Fails as [`decode`](Self::decode) does.
    pub fn transaction(&self) -> Result<Notification<Transaction>, ReadError> {
        self.decode()
    }

    /// Reads the resource as a combined payment (合单).
    ///
    /// # Errors
    /// Fails as [`decode`](Self::decode) does.
    pub fn combined(&self) -> Result<Notification<CombinedTransaction>, ReadError> {
        self.decode()
    }

    /// Reads the resource as a refund.
    ///
    /// # Errors
    /// Fails as [`decode`](Self::decode) does.
    pub fn refund(&self) -> Result<Notification<RefundNotice>, ReadError> {
        self.decode()
    }

    /// Reads the resource as `T`, by the rules of [`VerifiedNotification::decode`].
    ///
    /// `AnyResource` accepts all kinds.
    ///
    /// # Errors
    /// - [`ReadError::OtherKind`] if notifications of this kind hold another resource, so that a refund is not read as
    ///   a payment.
    /// - [`ReadError::Malformed`] if the resource does not have the shape of its kind.
    pub fn decode<T: Resource>(&self) -> Result<Notification<T>, ReadError> {
        let decoded = self.notification.clone().decode();
        decoded.map_err(|error| match error {
            NotificationError::PayloadMalformed(shape) => ReadError::Malformed(shape),
            _ => ReadError::OtherKind {
                event_type: self.event_type().as_str().to_owned(),
            },
        })
    }

    /// Reads the resource as any type, without checking the kind.
    ///
    /// Check [`event_type`](VerifiedNotification::event_type) and
    /// [`original_type`](VerifiedNotification::original_type) first.
    ///
    /// # Errors
    /// [`ReadError::Malformed`] if the resource does not have the shape of `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ReadError> {
        self.notification.json().map_err(ReadError::Malformed)
    }
}

impl Deref for StoredNotification {
    type Target = VerifiedNotification;

    fn deref(&self) -> &VerifiedNotification {
        &self.notification
    }
}

/// Writes the key and the kind, never the content.
impl fmt::Debug for StoredNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredNotification")
            .field("event", &self.event)
            .field("event_type", self.event_type())
            .field("original_type", &self.original_type())
            .finish_non_exhaustive()
    }
}

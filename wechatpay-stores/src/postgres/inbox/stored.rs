//! What comes out of the inbox.

use std::fmt;

use serde::de::DeserializeOwned;
use sqlx::{Row as _, postgres::PgRow};
use wechatpay_core::{
    api::{refunds::RefundNotice, transactions::Transaction},
    dedup::{NotificationKey, StoreError},
    notify::EventType,
    types::{DateTime, KeyId},
};
use zeroize::Zeroizing;

use crate::postgres::error::store_error;

/// A notification that was verified, accepted into the inbox and read back from it.
///
/// There is no other way to one: let the function that hands the goods over ask for this type. It is as good as the table:
/// who may write the inbox can put a notification there, so let nobody but the shop.
///
/// ```compile_fail
/// use wechatpay_stores::postgres::StoredNotification;
///
/// let forged = StoredNotification::default();
/// ```
#[derive(Clone)]
pub struct StoredNotification {
    key: NotificationKey,
    event_type: EventType,
    original_type: Option<String>,
    combined: bool,
    key_id: KeyId,
    create_time: Option<DateTime>,
    plaintext: Zeroizing<String>,
}

/// A stored notification that is not what it was read as: where, never what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Notifications of its kind hold something else.
    #[error("a notification of kind {event_type} does not hold this")]
    OtherKind {
        /// The kind.
        event_type: String,
    },
    /// The JSON does not fit the type.
    #[error("the JSON does not fit the type at line {line}, column {column}")]
    Json {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
}

impl StoredNotification {
    /// The columns that [`read_row`](Self::read_row) reads.
    pub(super) const COLUMNS: &'static str = "inbox.scope, inbox.id, inbox.event_type, inbox.original_type, \
         inbox.combined, inbox.key_id, inbox.create_time, inbox.plaintext";

    /// Reads a row of the inbox.
    pub(super) fn read_row(row: &PgRow) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt("a notification in the inbox lacks or spoils a column");
        let text = |name: &str| row.try_get::<String, _>(name).map_err(store_error);
        let maybe = |name: &str| row.try_get::<Option<String>, _>(name).map_err(store_error);
        let create_time = maybe("create_time")?.map(|text| text.parse());
        Ok(Self {
            key: NotificationKey::new(&text("scope")?, &text("id")?).map_err(|_| corrupt())?,
            event_type: EventType::from(text("event_type")?.as_str()),
            original_type: maybe("original_type")?,
            combined: row.try_get("combined").map_err(store_error)?,
            key_id: text("key_id")?.parse().map_err(|_| corrupt())?,
            create_time: create_time.transpose().map_err(|_| corrupt())?,
            plaintext: Zeroizing::new(maybe("plaintext")?.ok_or_else(corrupt)?),
        })
    }

    /// Merchant and id.
    #[must_use]
    pub fn key(&self) -> &NotificationKey {
        &self.key
    }

    /// Id of the notification.
    #[must_use]
    pub fn id(&self) -> &str {
        self.key.id()
    }

    /// Kind of event.
    #[must_use]
    pub fn event_type(&self) -> &EventType {
        &self.event_type
    }

    /// Kind of the resource before it was sealed: `transaction`, `refund`, `profitsharing` …
    #[must_use]
    pub fn original_type(&self) -> Option<&str> {
        self.original_type.as_deref()
    }

    /// Whether it is about a combined order (合单).
    #[must_use]
    pub fn is_combined(&self) -> bool {
        self.combined
    }

    /// The key that signed.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// When the platform made it.
    #[must_use]
    pub fn create_time(&self) -> Option<DateTime> {
        self.create_time
    }

    /// The decrypted resource as JSON text.
    #[must_use]
    pub fn plaintext(&self) -> &str {
        &self.plaintext
    }

    /// Reads the resource as a payment, if it is one.
    ///
    /// # Errors
    /// [`ReadError::OtherKind`] for anything but a payment of a single order, so that a refund cannot be read as one.
    pub fn transaction(&self) -> Result<Transaction, ReadError> {
        let fits = self.event_type == EventType::TransactionSuccess && !self.combined;
        self.read_if(fits && self.is_of("transaction"))
    }

    /// Reads the resource as a refund, if it is one.
    ///
    /// # Errors
    /// [`ReadError::OtherKind`] for anything but a refund.
    pub fn refund(&self) -> Result<RefundNotice, ReadError> {
        let fits = matches!(
            self.event_type,
            EventType::RefundSuccess | EventType::RefundAbnormal | EventType::RefundClosed
        );
        self.read_if(fits && self.is_of("refund"))
    }

    /// Reads the resource as any type, whatever the kind. Look at [`event_type`](Self::event_type) and
    /// [`original_type`](Self::original_type) first.
    ///
    /// # Errors
    /// [`ReadError::Json`].
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ReadError> {
        // The message of serde is dropped, because it quotes the value.
        serde_json::from_str(&self.plaintext).map_err(|error| ReadError::Json {
            line: error.line(),
            column: error.column(),
        })
    }

    /// Some products leave the original type out.
    fn is_of(&self, wanted: &str) -> bool {
        self.original_type
            .as_deref()
            .is_none_or(|original| original == wanted)
    }

    fn read_if<T: DeserializeOwned>(&self, fits: bool) -> Result<T, ReadError> {
        match fits {
            true => self.read(),
            false => Err(ReadError::OtherKind {
                event_type: self.event_type.as_str().to_owned(),
            }),
        }
    }
}

/// Shows what it is, not what is in it.
impl fmt::Debug for StoredNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredNotification")
            .field("key", &self.key)
            .field("event_type", &self.event_type)
            .field("original_type", &self.original_type)
            .finish_non_exhaustive()
    }
}

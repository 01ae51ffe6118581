//! Stored form of a verified notification.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    EventType, PlaintextDigest, Shape, VerifiedNotification,
    json_shape::check_depth,
    notification::{Inner, Origin},
};
use crate::types::{DateTime, KeyId, Mchid};

/// Stored form of a verified notification (feature `inbox`).
///
/// For inboxes that acknowledge first and handle later. [`VerifiedNotification::keep`] creates it, and
/// [`give_back`](Self::give_back) returns the notification with all of its methods: `decode`, `confirm`, and so a
/// `Confirmed`.
///
/// # Security
/// **The caller of `give_back` vouches for the record.** It cannot be verified again, because signature and key are
/// gone. Anybody who can write to the store can forge a payment. Read records only from your own database, grant write
/// access to the application alone, and never build a record from a request. `Inbox` of the crate `wechatpay-stores`
/// follows these rules.
#[derive(Clone)]
pub struct KeptNotification {
    /// The merchant whose receiver accepted it.
    pub merchant: Mchid,
    /// Id of the notification.
    pub id: String,
    /// Kind of event.
    pub event_type: String,
    /// Kind of the resource before encryption.
    pub original_type: Option<String>,
    /// Short description in Chinese.
    pub summary: Option<String>,
    /// The creation time as written.
    pub create_time: Option<String>,
    /// `true` for a combined order.
    pub combined: bool,
    /// Id of the key that signed.
    pub key_id: KeyId,
    /// The time of the signature, in Unix seconds.
    pub signed_at: i64,
    /// The decrypted resource, which names payers.
    pub plaintext: Zeroizing<String>,
    /// Digest of the decrypted resource, which identifies repeats.
    pub digest: PlaintextDigest,
}

impl KeptNotification {
    /// Restores the notification from the record alone.
    ///
    /// # Errors
    /// Returns an error if the resource is nested deeper than a receiver accepts.
    pub fn give_back(self) -> Result<VerifiedNotification, Shape> {
        check_depth(self.plaintext.as_bytes())?;
        let create_time = self.create_time.as_deref().and_then(DateTime::read);
        let unread = match (&self.create_time, create_time) {
            (Some(_), None) => vec!["envelope.create_time".to_owned()],
            _ => Vec::new(),
        };
        Ok(VerifiedNotification::new(Inner {
            id: self.id.into(),
            create_time,
            create_time_text: self.create_time.map(Into::into),
            event_type: EventType::from(self.event_type.as_str()),
            original_type: self.original_type.map(Into::into),
            summary: self.summary.map(Into::into),
            plaintext: self.plaintext,
            origin: Origin::Kept {
                merchant: self.merchant,
                digest: self.digest,
            },
            combined: self.combined,
            key_id: self.key_id,
            signed_at: self.signed_at,
            unread,
        }))
    }
}

impl VerifiedNotification {
    /// Creates the stored form of the notification (feature `inbox`).
    ///
    /// # Errors
    /// Returns the errors of [`digest`](Self::digest).
    pub fn keep(&self) -> Result<KeptNotification, Shape> {
        Ok(KeptNotification {
            merchant: self.receiver().clone(),
            id: self.id().to_owned(),
            event_type: self.event_type().as_str().to_owned(),
            original_type: self.original_type().map(Into::into),
            summary: self.summary().map(Into::into),
            create_time: self.create_time_text().map(Into::into),
            combined: self.is_combined(),
            key_id: self.key_id().clone(),
            signed_at: self.signed_at(),
            plaintext: Zeroizing::new(self.plaintext().to_owned()),
            digest: self.digest()?,
        })
    }
}

/// Shows the kind and not the content.
impl fmt::Debug for KeptNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptNotification")
            .field("merchant", &self.merchant)
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}

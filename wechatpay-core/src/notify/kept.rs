//! A notification that a store keeps.

use std::fmt;

use zeroize::Zeroizing;

use super::{
    EventType, PlaintextDigest, Shape, VerifiedNotification,
    json_shape::check_depth,
    notification::{Inner, Origin},
};
use crate::types::{DateTime, KeyId, Mchid};

/// A verified notification as a store keeps it, for inboxes that acknowledge first and handle later (feature `inbox`).
///
/// [`VerifiedNotification::keep`] takes a notification apart, and [`give_back`](Self::give_back) puts it together again, with
/// all that follows from it: `decode`, `expect`, a `Confirmed`.
///
/// **Whoever calls `give_back` vouches for the record.** It cannot be verified again, because the signature and its key are
/// gone. It is as good as the place where it was kept: who can write there can make a payment up. Read records from your own
/// database only, let nobody but the application write to it, and never from a request. `Inbox` of the crate
/// `wechatpay-stores` does so.
#[derive(Clone)]
pub struct KeptNotification {
    /// The merchant whose receiver took it.
    pub merchant: Mchid,
    /// Id of the notification.
    pub id: String,
    /// Kind of event.
    pub event_type: String,
    /// Kind of the resource before it was sealed.
    pub original_type: Option<String>,
    /// A few words for people.
    pub summary: Option<String>,
    /// The creation time as it was written.
    pub create_time: Option<String>,
    /// True for a combined order.
    pub combined: bool,
    /// The key that signed.
    pub key_id: KeyId,
    /// The time of the signature, in Unix seconds.
    pub signed_at: i64,
    /// The decrypted resource. It names payers.
    pub plaintext: Zeroizing<String>,
    /// Digest of the decrypted resource, by which repeats are told.
    pub digest: PlaintextDigest,
}

impl KeptNotification {
    /// Makes the notification again, by the record alone.
    ///
    /// # Errors
    /// A resource that is nested deeper than any that a receiver takes.
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
    /// Takes the notification apart for a store that gives it back later (feature `inbox`).
    ///
    /// # Errors
    /// As [`digest`](Self::digest).
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

/// Shows what it is, not what is in it.
impl fmt::Debug for KeptNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptNotification")
            .field("merchant", &self.merchant)
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}

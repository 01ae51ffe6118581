//! Notification that was verified and decrypted.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

#[cfg(feature = "inbox")]
use super::report::Reporter;
use super::{EventType, NotificationError, PlaintextDigest, Shape, recipient::Recipient, report::Subject};
use crate::{
    json::{self, Deciding, JsonError, Read, canonical},
    types::{DateTime, KeyId, Mchid},
};

/// Notification that was verified and decrypted for the receiver's merchant.
///
/// Only a [`NotificationReceiver`](super::NotificationReceiver) creates one, or a store that kept one (feature
/// `inbox`). Cheap to clone.
///
/// ```compile_fail,E0599
/// use wechatpay_core::notify::VerifiedNotification;
///
/// let forged = VerifiedNotification::default();
/// ```
#[derive(Clone)]
pub struct VerifiedNotification {
    pub(super) inner: Arc<Inner>,
    /// Deciding members of the type that is being read.
    decides: &'static [&'static str],
    /// Members that were left out, set by the first reading that left out any.
    unread: OnceLock<Arc<[String]>>,
}

pub(super) struct Inner {
    pub(super) id: Box<str>,
    pub(super) create_time: Option<DateTime>,
    pub(super) create_time_text: Option<Box<str>>,
    pub(super) event_type: EventType,
    pub(super) original_type: Option<Box<str>>,
    pub(super) summary: Option<Box<str>>,
    pub(super) plaintext: Zeroizing<String>,
    pub(super) origin: Origin,
    pub(super) combined: bool,
    pub(super) key_id: KeyId,
    pub(super) signed_at: i64,
    /// Members of the envelope that could not be read.
    pub(super) unread: Vec<String>,
}

/// Source of a notification.
pub(super) enum Origin {
    /// The receiver that verified it.
    Receiver(Arc<Recipient>),
    /// A store that kept it.
    #[cfg(feature = "inbox")]
    Kept {
        merchant: Mchid,
        digest: PlaintextDigest,
    },
}

impl Origin {
    fn merchant(&self) -> &Mchid {
        match self {
            Self::Receiver(recipient) => &recipient.mchid,
            #[cfg(feature = "inbox")]
            Self::Kept { merchant, .. } => merchant,
        }
    }

    fn digest(&self, plaintext: &str) -> Result<PlaintextDigest, Shape> {
        match self {
            Self::Receiver(recipient) => {
                let canonical = Zeroizing::new(canonical(plaintext)?);
                let digest = recipient.provider.sha256(canonical.as_bytes());
                Ok(PlaintextDigest::from_bytes(digest))
            }
            #[cfg(feature = "inbox")]
            Self::Kept { digest, .. } => Ok(*digest),
        }
    }

    /// Counts and logs a notification that could not be decoded.
    ///
    /// A notification from a store was counted when it was received.
    pub(super) fn rejected(&self, error: &NotificationError, subject: Subject<'_>) {
        match self {
            Self::Receiver(recipient) => recipient.rejected(error, subject),
            #[cfg(feature = "inbox")]
            Self::Kept { merchant, .. } => Reporter::default().rejected(error, Some(merchant), subject),
        }
    }
}

impl VerifiedNotification {
    pub(super) fn new(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
            decides: &[],
            unread: OnceLock::new(),
        }
    }

    /// Returns the same notification, with these deciding members.
    pub(super) fn to_read(&self, decides: &'static [&'static str]) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            decides,
            unread: OnceLock::new(),
        }
    }

    /// Returns the id, which is the same for every delivery of the notification.
    ///
    /// Detect repeated payments by order number and state first.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// Returns the creation time, or `None` if it is missing or malformed.
    #[must_use]
    pub fn create_time(&self) -> Option<DateTime> {
        self.inner.create_time
    }

    /// Returns the text of `create_time` as it arrived.
    #[must_use]
    pub fn create_time_text(&self) -> Option<&str> {
        self.inner.create_time_text.as_deref()
    }

    /// Returns the kind of event.
    #[must_use]
    pub fn event_type(&self) -> &EventType {
        &self.inner.event_type
    }

    /// Returns the kind of the resource before encryption: `transaction`, `refund`, `profitsharing` …
    #[must_use]
    pub fn original_type(&self) -> Option<&str> {
        self.inner.original_type.as_deref()
    }

    /// Returns a short description in Chinese.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.inner.summary.as_deref()
    }

    /// Returns the merchant whose receiver accepted it.
    #[must_use]
    pub fn receiver(&self) -> &Mchid {
        self.inner.origin.merchant()
    }

    /// Returns `true` for a combined order (合单).
    #[must_use]
    pub fn is_combined(&self) -> bool {
        self.inner.combined
    }

    /// Returns the id of the key that signed.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.inner.key_id
    }

    /// Returns the time of the signature, in Unix seconds.
    #[must_use]
    pub fn signed_at(&self) -> i64 {
        self.inner.signed_at
    }

    /// Returns the decrypted resource as JSON text.
    #[must_use]
    pub fn plaintext(&self) -> &str {
        &self.inner.plaintext
    }

    /// Returns the digest of the decrypted resource in canonical form.
    ///
    /// It is the same for every delivery of the same content.
    ///
    /// # Errors
    /// Never for a verified notification, whose JSON has been checked.
    pub fn digest(&self) -> Result<PlaintextDigest, Shape> {
        self.inner.origin.digest(self.plaintext())
    }

    /// Returns the paths of members that could not be read and count as absent.
    ///
    /// For example `promotion_detail[0].amount`. Nearly always empty. Paths in the envelope begin with `envelope.`.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        self.unread.get().map_or(&self.inner.unread, |unread| unread)
    }

    /// Returns the kind of event, and the details that distinguish events of the same name.
    pub(super) fn kind(&self) -> String {
        let event_type = self.event_type();
        match self.original_type() {
            _ if self.is_combined() => format!("{event_type} of a combined order"),
            Some(original) if *event_type == EventType::TransactionSuccess && original != "transaction" => {
                format!("{event_type} of {original}")
            }
            _ => event_type.to_string(),
        }
    }

    /// Reads the decrypted JSON as any type, regardless of the kind.
    ///
    /// [`decode`](Self::decode) checks the kind.
    ///
    /// # Errors
    /// Returns the path of the member that is missing or does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Shape> {
        Ok(self.read_json()?)
    }

    pub(super) fn read_json<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        let Read { value, unread } = json::read(self.plaintext(), Deciding::Refuse(self.decides))?;
        if !unread.is_empty() {
            tracing::warn!(
                target: "wechatpay::notify",
                id = self.id(),
                event_type = %self.event_type(),
                merchant = %self.receiver(),
                unread = unread.join(", "),
                "members of a genuine notification could not be read and count as absent"
            );
            let all = [self.inner.unread.as_slice(), &unread].concat();
            // The first reading that left something out is the one that counts.
            let _ = self.unread.set(all.into());
        }
        Ok(value)
    }

    /// Takes over the members that another reading left out.
    pub(super) fn take_unread(&self, reading: Self) {
        if let Some(unread) = reading.unread.into_inner() {
            let _ = self.unread.set(unread);
        }
    }
}

/// Shows the kind and not the content.
impl fmt::Debug for VerifiedNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedNotification")
            .field("id", &self.inner.id)
            .field("event_type", &self.inner.event_type)
            .field("original_type", &self.inner.original_type)
            .field("receiver", self.receiver())
            .finish_non_exhaustive()
    }
}

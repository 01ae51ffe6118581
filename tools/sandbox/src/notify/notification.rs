//! Notifications and their attempts.

use std::{borrow::Cow, fmt, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::{
    faults::{Fault, NotificationOccasion},
    journal::AttemptOutcome,
    platform::curl,
    world::orders::key::OrderKey,
};

/// A notification and its delivery.
///
/// `Debug` omits the content, which names a payer.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(deny_unknown_fields)]
pub struct Notification {
    /// The same for all attempts.
    pub id: String,
    /// The merchant it is for.
    pub mchid: String,
    /// The order it is about; empty when it is about none.
    pub out_trade_no: String,
    /// The merchant's number of the order, refund, share and so on.
    pub subject: String,
    /// The kind of event, for instance `TRANSACTION.SUCCESS`.
    pub event_type: Cow<'static, str>,
    /// URL of the receiver.
    pub notify_url: String,
    /// Time of creation, in Unix seconds.
    pub created_at: i64,
    /// State of the delivery.
    pub state: NotificationState,
    /// The attempts so far, the oldest first.
    pub attempts: Vec<Attempt>,
    /// The plaintext of its resource, as JSON.
    pub resource: String,
    /// Faults of the notification as a whole; each attempt has its own.
    pub faults: Vec<Fault>,
    /// The order that it is about.
    pub order: Option<OrderKey>,
    /// Type of the plaintext, `transaction` for instance.
    pub original_type: Cow<'static, str>,
    /// Associated data of the encryption.
    pub associated_data: Cow<'static, str>,
    /// Summary for people.
    pub summary: Cow<'static, str>,
    /// True if it waits for another one.
    pub(crate) is_parked: bool,
    /// Counts the notifications of this sandbox.
    pub(crate) number: u64,
    /// Counts the attempts that were begun.
    pub(crate) turns: u16,
    /// Generation of the sandbox's state; work of an older one has no effect.
    #[serde(skip)]
    pub(crate) world: u64,
}

impl Notification {
    /// Properties that faults match.
    pub(super) fn occasion(&self) -> NotificationOccasion<'_> {
        NotificationOccasion {
            mchid: &self.mchid,
            event_type: &self.event_type,
            numbers: [&self.subject, &self.out_trade_no],
        }
    }

    /// The newest attempt that went out, as a command of a shell.
    #[must_use]
    pub fn curl(&self) -> Option<String> {
        let sent = self
            .attempts
            .iter()
            .rev()
            .find_map(|attempt| attempt.sent.as_ref())?;
        Some(curl("POST", &self.notify_url, &sent.headers, &sent.body))
    }

    /// Returns true if the receiver acknowledged it.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        self.state == NotificationState::Acknowledged
    }
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("id", &self.id)
            .field("out_trade_no", &self.out_trade_no)
            .field("subject", &self.subject)
            .field("event_type", &self.event_type)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// State of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NotificationState {
    /// There are attempts to come.
    Pending,
    /// Answered with 200 or 204 in time.
    Acknowledged,
    /// The last attempt failed, or it was stopped by hand.
    GivenUp,
}

/// One attempt to deliver.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// When it was made, in Unix seconds.
    pub at: i64,
    /// True for a probe or a forgery by a fault, which the receiver must refuse.
    pub is_forged: bool,
    /// Faults that fired.
    pub faults: Vec<Fault>,
    /// Id of the key that signed it; empty when nothing was sent.
    pub key_id: String,
    /// Result of the attempt.
    pub outcome: AttemptOutcome,
    /// Duration of the attempt.
    pub took: Duration,
    /// The body of the response, up to 64 KiB; kept for the newest attempts.
    #[serde(with = "crate::wire::bytes")]
    pub reply: Bytes,
    /// The sent message; kept for the newest attempts, 64 MiB with the responses.
    pub sent: Option<Sent>,
}

/// The message of an attempt.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// The headers, the signature among them.
    #[serde(with = "crate::wire::headers")]
    pub headers: HeaderMap,
    /// The body: an envelope with the encrypted resource.
    #[serde(with = "crate::wire::bytes")]
    pub body: Bytes,
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sent")
            .field("length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Attempt {
    /// Returns true if the receiver took it, and rightly so.
    #[must_use]
    pub fn is_acknowledged(&self) -> bool {
        !self.is_forged && matches!(self.outcome, AttemptOutcome::Acknowledged(_))
    }

    /// Bytes of what was sent and received.
    pub(super) fn weight(&self) -> usize {
        let sent = self.sent.as_ref().map_or(0, |sent| sent.body.len());
        sent.saturating_add(self.reply.len())
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("at", &self.at)
            .field("is_forged", &self.is_forged)
            .field("faults", &self.faults)
            .field("key_id", &self.key_id)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

//! Notifications: encrypted, signed, sent, and repeated until they are acknowledged.

mod client;
mod connector;
mod craft;
mod deliver;
mod drafts;
mod envelope;
mod kept;
mod notification;
mod notifier;
mod schedule;
mod target;

pub(crate) use client::{Reply, SendError, Sender, headers};
pub use craft::{Craft, CraftError, craft};
pub use deliver::send_again;
pub(crate) use deliver::{attempt_due, start, unpark};
pub(crate) use drafts::Draft;
pub(crate) use envelope::{Envelope, Sealed};
pub(crate) use kept::SavedNotifications;
pub use kept::{NotificationCounts, Notifications};
pub use notification::{Attempt, Notification, NotificationState, Sent};
pub(crate) use notifier::first_attempt;
pub use notifier::{Notifier, NotifySettings};
pub use schedule::RetrySchedule;
pub(crate) use target::judge;

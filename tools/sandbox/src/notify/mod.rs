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
pub use deliver::{attempt_due, send_again, start, unpark};
pub(crate) use drafts::Draft;
pub(crate) use envelope::{Envelope, Sealed};
pub use kept::{Notifications, SavedNotifications};
pub use notification::{Attempt, Notification, NotificationState, Sent};
pub(crate) use notifier::{Notifier, NotifySettings, first_attempt};
pub use schedule::RetrySchedule;
pub(crate) use target::judge;

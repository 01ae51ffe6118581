//! Notifications, seen and sent by hand.

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::timeout;

use super::Sandbox;
use crate::{
    handle::inspect::NotAcknowledged,
    notify::{self, Attempt, Notification, NotificationState},
};

/// # Notifications
impl Sandbox {
    /// All notifications, the oldest first.
    #[must_use]
    pub fn notifications(&self) -> Vec<Notification> {
        self.engine.notifier.notifications.all()
    }

    /// Waits until a notification about this number was acknowledged.
    ///
    /// The number is that of an order, a refund, and so on.
    ///
    /// # Errors
    /// [`NotAcknowledged`] after `within`, or as soon as the last attempt has failed, with what the attempts came to.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn wait_acknowledged(
        &self,
        number: &str,
        within: Duration,
    ) -> Result<Notification, NotAcknowledged> {
        let acknowledged = async {
            let mut changes = self.engine.notifier.notifications.subscribe();
            loop {
                let about = self.engine.notifier.notifications.of_subject(number);
                let is_over = !about.is_empty()
                    && about
                        .iter()
                        .all(|notification| notification.state != NotificationState::Pending);
                let done = about.into_iter().find(Notification::is_acknowledged);
                // The sender lives as long as this handle, so there is always a next change to wait for.
                if done.is_some() || is_over || changes.changed().await.is_err() {
                    return done;
                }
            }
        };
        match timeout(within, acknowledged).await {
            Ok(Some(notification)) => Ok(notification),
            Ok(None) | Err(_) => Err(NotAcknowledged {
                outcomes: self
                    .engine
                    .notifier
                    .notifications
                    .of_subject(number)
                    .iter()
                    .flat_map(|notification| &notification.attempts)
                    .map(|attempt| attempt.outcome.to_string())
                    .collect(),
            }),
        }
    }

    /// The notifications about an order, the oldest first, those about its refunds included.
    #[must_use]
    pub fn notifications_of(&self, out_trade_no: &str) -> Vec<Notification> {
        self.engine.notifier.notifications.of_order(out_trade_no)
    }

    /// Makes one more attempt to deliver a notification, whatever its state.
    ///
    /// It is encrypted and signed anew, under the same id. `None` if there is no such notification.
    pub async fn send_again(&self, id: &str) -> Option<Attempt> {
        notify::send_again(&self.engine.notifier, id).await
    }

    /// Switches notifications off and on.
    ///
    /// While they are off, attempts are recorded as withheld and not made; retries that come due later are made.
    pub fn set_notify_enabled(&self, enabled: bool) {
        self.engine.notifier.is_enabled.store(enabled, Ordering::Relaxed);
    }
}

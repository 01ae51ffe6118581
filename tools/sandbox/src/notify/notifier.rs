//! The notifier: its settings, and all that it sent.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use wechatpay_core::is_loopback;

use super::{Notifications, RetrySchedule};
use crate::{faults::Faults, journal::Journal, platform::Platform, world::World};

/// Settings of the notifier.
#[derive(Clone, Debug)]
pub struct NotifySettings {
    /// Delays between attempts.
    pub retry: RetrySchedule,
    /// Time that a receiver has for its response.
    pub(crate) timeout: Duration,
    /// Probability of a signature probe before a notification.
    pub(crate) signtest: f64,
    /// An acknowledgement that is faster than this is suspicious.
    pub(crate) lint_ack_within: Duration,
    /// Hosts besides loopback that notifications may go to and pages may return to.
    pub allowed_hosts: Vec<String>,
}

/// Tells merchants what happened.
pub struct Notifier {
    pub(crate) world: Arc<World>,
    pub(crate) platform: Arc<Platform>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) journal: Arc<Journal>,
    /// Settings of the delivery.
    pub settings: NotifySettings,
    /// The notifications so far.
    pub notifications: Notifications,
    /// False while notifications are withheld.
    pub is_enabled: AtomicBool,
    /// Attempts so far.
    pub(crate) attempts: AtomicU64,
}

debug_only!(Notifier { settings });

impl Notifier {
    pub(crate) fn is_enabled(&self) -> bool {
        self.is_enabled.load(Ordering::Relaxed)
    }

    /// Returns true if this host is this machine, or one the builder allowed.
    pub fn is_allowed_host(&self, host: &str) -> bool {
        is_loopback(host)
            || self
                .settings
                .allowed_hosts
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(host))
    }
}

/// Waits until the first attempt at a notification about this number was made.
pub(crate) async fn first_attempt(notifier: &Notifier, number: &str) {
    let mut changes = notifier.notifications.subscribe();
    loop {
        let about = notifier.notifications.of_subject(number);
        let is_sent = about.iter().any(|notification| !notification.attempts.is_empty());
        if is_sent || changes.changed().await.is_err() {
            return;
        }
    }
}

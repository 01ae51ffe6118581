//! The parts of a running sandbox.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    faults::Faults,
    gateway::Gateway,
    journal::{EventKind, Journal},
    language::Language,
    notify::Notifier,
    payments,
    platform::Platform,
    snapshot::{RestoreError, Snapshot, Sources},
    world::{
        World,
        orders::{buyer::Buyer, key::OrderKey, state::PayError},
    },
};

/// The parts, each with its own state.
pub struct Engine {
    /// State and rules of merchants, orders, refunds and money.
    pub world: Arc<World>,
    /// Keys and certificates of the platform.
    pub platform: Arc<Platform>,
    /// Rules of deliberate faults.
    pub faults: Arc<Faults>,
    /// Log of events.
    pub journal: Arc<Journal>,
    /// Delivery of notifications.
    pub notifier: Arc<Notifier>,
    /// Endpoints below `/v3`.
    pub gateway: Arc<Gateway>,
    /// Scheme, host and port by which others reach this server.
    pub base_url: String,
    /// True if the last handle does not panic when unexpected requests were seen.
    pub(crate) lenient: bool,
    /// Who turns a manual clock holds this.
    pub(crate) turning: tokio::sync::Mutex<()>,
    /// Becomes true, or loses its sender, when the sandbox stops.
    pub stopping: watch::Receiver<bool>,
    /// Roots, in PEM, that receivers over https may have their certificates of.
    pub(crate) roots: String,
    /// Language of the pages, if the builder chose one.
    pub language: Option<Language>,
}

debug_only!(Engine { base_url, language });

impl Engine {
    /// A snapshot of all that happened.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::take(&self.sources())
    }

    /// Restores a snapshot, or changes nothing.
    pub fn restore(&self, snapshot: Snapshot) -> Result<(), RestoreError> {
        snapshot.restore(&self.sources())
    }

    fn sources(&self) -> Sources<'_> {
        Sources {
            world: &self.world,
            platform: &self.platform,
            faults: &self.faults,
            journal: &self.journal,
            notifier: &self.notifier,
            gateway: &self.gateway,
            turning: &self.turning,
        }
    }

    /// Resets orders, requests, notifications, lints, faults, stubs and everything scheduled.
    ///
    /// Merchants, keys, the clock, the events and the counters stay.
    pub fn reset(&self) {
        self.world.alone(|| {
            self.world.clear();
            self.gateway.clear();
            self.notifier.notifications.clear();
            self.faults.clear();
        });
        self.journal.tell(EventKind::Reset);
    }

    /// From now on random numbers are those of a new sandbox with this seed.
    pub fn reseed(&self, seed: u64) {
        self.world.ids.reseed(seed);
        self.gateway.count_anew();
        self.notifier.notifications.count_anew();
    }

    /// Pays an order, records the event, and starts the notification.
    pub fn pay(&self, key: &OrderKey, buyer: Buyer) -> Result<(), PayError> {
        payments::pay(&self.world, &self.faults, &self.journal, key, buyer)
    }

    /// Tells that rules for faults came or went.
    pub fn tell_of_faults(&self) {
        let count = self.faults.all().len();
        self.journal.tell(EventKind::FaultsChanged { count });
    }
}

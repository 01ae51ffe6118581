//! The parts of a running sandbox.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    cashier::Pages,
    faults::Faults,
    gateway::Gateway,
    journal::{EventKind, Journal},
    notify::Notifier,
    payments,
    platform::Platform,
    snapshot::{RestoreError, Snapshot, Sources},
    web::Language,
    world::{
        World,
        orders::{
            buyer::Buyer,
            state::{OrderKey, PayError},
        },
    },
};

/// The parts, each with its own state.
pub(crate) struct Engine {
    pub(crate) world: Arc<World>,
    pub(crate) platform: Arc<Platform>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) journal: Arc<Journal>,
    pub(crate) notifier: Arc<Notifier>,
    pub(crate) gateway: Arc<Gateway>,
    /// Scheme, host and port by which others reach this server.
    pub(crate) base_url: String,
    /// True if the last handle does not panic when unexpected requests were seen.
    pub(crate) lenient: bool,
    /// Who turns a manual clock holds this.
    pub(crate) turning: tokio::sync::Mutex<()>,
    /// Becomes true, or loses its sender, when the sandbox stops.
    pub(crate) stopping: watch::Receiver<bool>,
    /// Roots, in PEM, that receivers over https may have their certificates of.
    pub(crate) roots: String,
    /// Of the pages.
    pub(crate) language: Option<Language>,
    pub(crate) pages: Pages,
}

impl Engine {
    /// A snapshot of all that happened.
    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot::take(&self.sources())
    }

    /// Restores a snapshot, or changes nothing.
    pub(crate) fn restore(&self, snapshot: Snapshot) -> Result<(), RestoreError> {
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
    pub(crate) fn reset(&self) {
        self.world.alone(|| {
            self.world.clear();
            self.gateway.clear();
            self.notifier.notifications.clear();
            self.faults.clear();
        });
        self.journal.tell(EventKind::Reset);
    }

    /// From now on random numbers are those of a new sandbox with this seed.
    pub(crate) fn reseed(&self, seed: u64) {
        self.world.ids.reseed(seed);
        self.gateway.count_anew();
        self.notifier.notifications.count_anew();
    }

    /// Pays an order, records the event, and starts the notification.
    pub(crate) fn pay(&self, key: &OrderKey, buyer: Buyer) -> Result<(), PayError> {
        payments::pay(&self.world, &self.faults, &self.journal, key, buyer)
    }

    /// Tells that rules for faults came or went.
    pub(crate) fn tell_of_faults(&self) {
        let count = self.faults.all().len();
        self.journal.tell(EventKind::FaultsChanged { count });
    }
}

//! The merchants' world: state machines and rules, without HTTP, responses, languages or pages.
//!
//! In memory, bounded, each noun behind its own lock, which is never held over an await. Imports go down only: nothing here
//! names the gateway, the notifier or the platform's keys. They listen to events.

pub(crate) mod applyments;
pub(crate) mod body;
pub mod clock;
pub(crate) mod combine;
pub mod complaints;
mod days;
mod events;
pub mod funds;
mod kept;
pub mod lints;
mod locks;
pub(crate) mod media;
pub mod merchants;
pub mod orders;
pub mod random;
pub mod records;
pub mod refunds;
pub(crate) mod schedule;
pub(crate) mod settlement;
pub(crate) mod sharing;
pub(crate) mod subsidies;
#[cfg(test)]
mod tests;
pub(crate) mod withdrawals;

use std::{
    sync::{
        Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use wechatpay_core::{Clock, crypto::CryptoProvider};

pub(crate) use events::Event;
pub use locks::lock;

use applyments::state::Applyments;
use clock::Agenda;
use funds::state::Funds;
use lints::{Lint, Lints};
use media::state::MediaFiles;
use merchants::table::Merchants;
use orders::{key::OrderKey, state::Order, table::Orders};
use random::Ids;
use records::state::Records;
use refunds::table::Refunds;
use settlement::state::Settlements;
use sharing::table::Shares;
use subsidies::state::Subsidies;
use withdrawals::state::Withdrawals;

/// Settings of the rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Time until refunds and the like succeed.
    pub(crate) settle_delay: Duration,
    /// Share of an order that may be shared, per ten thousand.
    pub(crate) max_share_ratio: u16,
}

/// Numbers that only grow.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) prepays: AtomicU64,
    pub(crate) payments: AtomicU64,
    pub(crate) refunds: AtomicU64,
}

/// Adds one.
pub(crate) fn count(total: &AtomicU64) {
    total.fetch_add(1, Ordering::Relaxed);
}

/// A listener, called in the thread that caused the event.
pub(crate) type Listener = Box<dyn Fn(&World, &Event<'_>) + Send + Sync>;

/// Everything that merchants and their buyers did, and all that follows from it.
pub struct World {
    pub(crate) rules: Rules,
    /// Clock of orders, refunds, bills and everything scheduled.
    pub clock: Clock,
    /// Scheduled events.
    pub agenda: Agenda,
    /// Seeded ids of manual actions, in the order of the calls.
    ///
    /// Everything else has streams of its own.
    pub(crate) ids: Ids,
    /// Unseeded ids, for tokens and keys that must be unpredictable.
    pub secrets: Ids,
    /// Reads the keys of merchants.
    pub(crate) provider: Arc<dyn CryptoProvider>,
    /// All merchants.
    pub merchants: Merchants,
    /// All orders.
    pub orders: Orders,
    /// All refunds.
    pub refunds: Refunds,
    pub(crate) shares: Shares,
    pub(crate) subsidies: Subsidies,
    pub(crate) applyments: Applyments,
    pub(crate) settlements: Settlements,
    pub(crate) withdrawals: Withdrawals,
    /// Transfers, complaints, contracts and the like.
    pub records: Records,
    pub(crate) funds: Funds,
    pub(crate) media: MediaFiles,
    /// Findings about the merchants' code.
    pub lints: Lints,
    pub(crate) counts: Counts,
    /// In the order of their calls; set once, at the start.
    listeners: OnceLock<Vec<Listener>>,
    /// Held while something is done, so that a snapshot shows a moment between two things.
    working: RwLock<()>,
}

debug_only!(World {});

impl World {
    pub(crate) fn new(
        rules: Rules,
        clock: Clock,
        agenda: Agenda,
        ids: Ids,
        secrets: Ids,
        provider: Arc<dyn CryptoProvider>,
        merchants: Merchants,
    ) -> Self {
        Self {
            rules,
            clock,
            agenda,
            ids,
            secrets,
            provider,
            merchants,
            orders: Orders::default(),
            refunds: Refunds::default(),
            shares: Shares::default(),
            subsidies: Subsidies::default(),
            applyments: Applyments::default(),
            settlements: Settlements::default(),
            withdrawals: Withdrawals::default(),
            records: Records::default(),
            funds: Funds::default(),
            media: MediaFiles::default(),
            lints: Lints::default(),
            counts: Counts::default(),
            listeners: OnceLock::new(),
            working: RwLock::default(),
        }
    }

    /// Forgets everything but merchants, clock, ids and counts.
    ///
    /// To be called while nothing else is under way.
    pub(crate) fn clear(&self) {
        self.agenda.clear();
        self.orders.clear();
        self.refunds.clear();
        self.shares.clear();
        self.subsidies.clear();
        self.applyments.clear();
        self.settlements.clear();
        self.withdrawals.clear();
        self.records.clear();
        self.funds.clear();
        self.media.clear();
        self.lints.clear();
    }

    /// Sets who listens to the events, in this order. Works once.
    pub(crate) fn set_listeners(&self, listeners: Vec<Listener>) {
        let _ = self.listeners.set(listeners);
    }

    /// Tells all listeners.
    pub(crate) fn tell(&self, event: &Event<'_>) {
        for listener in self.listeners.get().into_iter().flatten() {
            listener(self, event);
        }
    }

    /// An order as it is now.
    pub fn order(&self, key: &OrderKey) -> Option<Order> {
        self.orders.get(key, self.clock.now())
    }

    /// The order of a session, by the id that placing it returned.
    pub fn order_of_prepay_id(&self, prepay_id: &str) -> Option<Order> {
        self.order(&self.orders.key_of_prepay_id(prepay_id)?)
    }

    /// Records a lint. The first of each kind and every fatal one become events.
    pub fn lint(&self, lint: Lint) {
        if self.lints.push(lint.clone()) || lint.kind().is_fatal() {
            self.tell(&Event::Lint(lint));
        }
    }

    /// Guard for a request, payment or scheduled event; never held over an await.
    pub fn working(&self) -> RwLockReadGuard<'_, ()> {
        self.working.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something while nothing else is under way.
    pub fn alone<T>(&self, work: impl FnOnce() -> T) -> T {
        let _alone = self.working.write().unwrap_or_else(PoisonError::into_inner);
        work()
    }
}

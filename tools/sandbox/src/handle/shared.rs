//! State shared by the server, the cashier, the notifications and the handle.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{broadcast, watch};
use wechatpay_core::{Clock, is_loopback};

use crate::{
    StartError,
    cashier::Pages,
    faults::Faults,
    gateway::{Files, Nonces, stubs::Stubs, traffic::Requests},
    journal::{Event, EventKind, EventLog},
    notify::{Notifications, RetrySchedule, Sender},
    platform::{Clocks, Platform},
    web::Language,
    world::{
        applyments::state::Applyments,
        clock::{Agenda, Day},
        funds::ledger::Ledger,
        lints::{Lint, LintKind, Lints},
        lock,
        media::state::MediaFiles,
        merchants::{
            document::MerchantSpec,
            state::Merchant,
            table::{Merchants, NotAdded},
        },
        orders::table::Orders,
        random::{Ids, Stream},
        refunds::table::Refunds,
        settlement::state::Settlements,
        sharing::table::Shares,
        subsidies::state::Subsidies,
        withdrawals::state::Withdrawals,
    },
};

/// Settings from the builder.
pub(crate) struct Settings {
    /// True if the last handle does not panic when unexpected requests were seen.
    pub(crate) lenient: bool,
    pub(crate) strict: bool,
    pub(crate) pure: bool,
    pub(crate) http_code_url: bool,
    pub(crate) language: Option<Language>,
    pub(crate) retry: RetrySchedule,
    pub(crate) notify_timeout: Duration,
    /// Time until refunds and the like succeed.
    pub(crate) settle_delay: Duration,
    /// Share of an order that may be shared, per ten thousand.
    pub(crate) max_share_ratio: u16,
    pub(crate) signtest: f64,
    /// An acknowledgement that is faster than this is suspicious.
    pub(crate) lint_ack_within: Duration,
    /// Hosts besides loopback that notifications may go to and pages may return to.
    pub(crate) allowed_hosts: Vec<String>,
    /// Roots, in PEM, that receivers over https may have their certificates of.
    pub(crate) roots: String,
}

/// Numbers that only grow.
#[derive(Default)]
pub(crate) struct Totals {
    pub(crate) refused_signatures: AtomicU64,
    pub(crate) certificate_downloads: AtomicU64,
    pub(crate) prepays: AtomicU64,
    pub(crate) payments: AtomicU64,
    pub(crate) refunds: AtomicU64,
    pub(crate) attempts: AtomicU64,
}

pub(crate) fn count(total: &AtomicU64) {
    total.fetch_add(1, Ordering::Relaxed);
}

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    /// Clock of orders, refunds, bills and everything scheduled.
    pub(crate) clock: Clock,
    /// Clock of signatures, which both sides must agree on.
    pub(crate) wire_clock: Clock,
    /// Scheduled events.
    pub(crate) agenda: Agenda,
    /// Who turns a manual clock holds this.
    pub(crate) turning: tokio::sync::Mutex<()>,
    /// Seeded ids of manual actions, in the order of the calls.
    ///
    /// Everything else has streams of its own.
    pub(crate) ids: Ids,
    /// Unseeded ids: the tokens of the cashier's pages, which must be unpredictable.
    pub(crate) secrets: Ids,
    pub(crate) arrivals: AtomicU64,
    /// Scheme, host and port by which others reach this server.
    pub(crate) base_url: String,
    pub(crate) merchants: Merchants,
    pub(crate) platform: Platform,
    pub(crate) orders: Orders,
    pub(crate) refunds: Refunds,
    pub(crate) shares: Shares,
    pub(crate) subsidies: Subsidies,
    pub(crate) applyments: Applyments,
    pub(crate) settlements: Settlements,
    pub(crate) withdrawals: Withdrawals,
    pub(crate) ledger: Ledger,
    /// The newest day whose bills will be announced.
    pub(crate) newest_bill_day: Mutex<Option<Day>>,
    pub(crate) bill_files: Files,
    pub(crate) media: MediaFiles,
    /// True if accounts have the money for refunds.
    pub(crate) refund_funds: AtomicBool,
    pub(crate) requests: Requests,
    pub(crate) nonces: Nonces,
    pub(crate) notifications: Notifications,
    pub(crate) notify_enabled: AtomicBool,
    pub(crate) pages: Pages,
    pub(crate) faults: Faults,
    /// Responses that a test gave.
    pub(crate) stubs: Stubs,
    pub(crate) totals: Totals,
    pub(crate) lints: Lints,
    pub(crate) told: Mutex<HashSet<LintKind>>,
    pub(crate) events: EventLog,
    /// Held while something is done, so that a snapshot shows a moment between two things.
    pub(crate) working: RwLock<()>,
    /// Becomes true, or loses its sender, when the sandbox stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// Arguments of [`Shared::new`]; the rest starts empty.
pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) wire_clock: Clock,
    pub(crate) agenda: Agenda,
    pub(crate) ids: Ids,
    pub(crate) secrets: Ids,
    pub(crate) base_url: String,
    pub(crate) merchants: Merchants,
    pub(crate) platform: Platform,
    pub(crate) notify_enabled: bool,
    pub(crate) sender: Sender,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl Shared {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            settings: parts.settings,
            clock: parts.clock,
            wire_clock: parts.wire_clock,
            agenda: parts.agenda,
            turning: tokio::sync::Mutex::default(),
            ids: parts.ids,
            secrets: parts.secrets,
            arrivals: AtomicU64::default(),
            base_url: parts.base_url,
            merchants: parts.merchants,
            platform: parts.platform,
            notify_enabled: AtomicBool::new(parts.notify_enabled),
            stopping: parts.stopping,
            orders: Orders::default(),
            refunds: Refunds::default(),
            shares: Shares::default(),
            subsidies: Subsidies::default(),
            applyments: Applyments::default(),
            settlements: Settlements::default(),
            withdrawals: Withdrawals::default(),
            ledger: Ledger::default(),
            newest_bill_day: Mutex::default(),
            bill_files: Files::default(),
            media: MediaFiles::default(),
            refund_funds: AtomicBool::new(true),
            requests: Requests::default(),
            nonces: Nonces::default(),
            notifications: Notifications::new(parts.sender),
            pages: Pages::default(),
            faults: Faults::default(),
            stubs: Stubs::default(),
            totals: Totals::default(),
            lints: Lints::default(),
            told: Mutex::default(),
            events: EventLog::new(),
            working: RwLock::default(),
        }
    }

    /// Both clocks, for certificates.
    pub(crate) fn clocks(&self) -> Clocks {
        Clocks::read(&self.clock, &self.wire_clock)
    }

    /// The random numbers of the next request.
    pub(crate) fn ids_of_request(&self) -> Ids {
        let number = self.arrivals.fetch_add(1, Ordering::Relaxed);
        self.ids.stream(Stream::Request(number))
    }

    /// Resets orders, requests, notifications, lints, faults, stubs and everything scheduled.
    ///
    /// Merchants, keys, the clock, the events and the counters stay.
    pub(crate) fn reset(&self) {
        self.alone(|| {
            self.agenda.clear();
            self.orders.clear();
            self.refunds.clear();
            self.shares.clear();
            self.subsidies.clear();
            self.applyments.clear();
            self.settlements.clear();
            self.withdrawals.clear();
            self.ledger.clear();
            *lock(&self.newest_bill_day) = None;
            self.media.clear();
            self.refund_funds.store(true, Ordering::Relaxed);
            self.requests.clear();
            self.notifications.clear();
            self.faults.clear();
            self.stubs.clear();
            self.lints.clear();
            lock(&self.told).clear();
        });
        self.tell(EventKind::Reset);
    }

    /// From now on random numbers are those of a new sandbox with this seed.
    pub(crate) fn reseed(&self, seed: u64) {
        self.ids.reseed(seed);
        self.arrivals.store(0, Ordering::Relaxed);
        self.notifications.count_anew();
    }

    /// One more merchant. A new key of it takes a moment to make.
    pub(crate) fn add_merchant(&self, spec: MerchantSpec) -> Result<Arc<Merchant>, StartError> {
        let merchant = spec.build(self.platform.provider(), &self.secrets)?;
        let mchid = merchant.mchid.as_str().to_owned();
        let added = {
            let _working = self.working();
            self.merchants.add(merchant)
        };
        let added = added.map_err(|refused| match refused {
            NotAdded::Known => StartError::MerchantTwice(mchid.clone()),
            NotAdded::Full => StartError::TooManyMerchants,
        })?;
        self.tell(EventKind::MerchantAdded { mchid });
        Ok(added)
    }

    /// Tells that rules for faults came or went.
    pub(crate) fn tell_of_faults(&self) {
        let count = self.faults.all().len();
        self.tell(EventKind::FaultsChanged { count });
    }

    /// Tells everyone who listens.
    pub(crate) fn tell(&self, kind: EventKind) {
        let event = self.events.tell(self.clock.now(), kind);
        tracing::debug!(target: "wechatpay::sandbox", "{event}");
    }

    /// Guard for a request, payment or scheduled event; never held over an await.
    pub(crate) fn working(&self) -> RwLockReadGuard<'_, ()> {
        self.working.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something while nothing else is under way.
    pub(crate) fn alone<T>(&self, work: impl FnOnce() -> T) -> T {
        let _alone = self.working.write().unwrap_or_else(PoisonError::into_inner);
        work()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Records a lint. The first of each kind and every fatal one become events.
    pub(crate) fn lint(&self, lint: Lint) {
        let is_new = lock(&self.told).insert(lint.kind());
        self.lints.push(lint.clone());
        if is_new || lint.kind().is_fatal() {
            self.tell(EventKind::Lint(lint));
        }
    }

    pub(crate) fn is_notify_enabled(&self) -> bool {
        self.notify_enabled.load(Ordering::Relaxed)
    }

    pub(crate) fn has_refund_funds(&self) -> bool {
        self.refund_funds.load(Ordering::Relaxed)
    }

    /// Returns true if this host is this machine, or one the builder allowed.
    pub(crate) fn is_allowed_host(&self, host: &str) -> bool {
        is_loopback(host)
            || self
                .settings
                .allowed_hosts
                .iter()
                .any(|allowed| allowed.eq_ignore_ascii_case(host))
    }
}

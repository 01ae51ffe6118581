//! The certificate cache: a snapshot that is read without a lock, and one gate through which all downloads go.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use tokio::time::Instant;

use super::{
    FetchCertificates, KeyError, KeyFuture, KeyHealth, KeyRing, KeyStore, PlatformKey, RefreshError,
    RefusedCertificate,
    accept::{Accepted, Judge, LeftOut, downloaded},
    refresh::{self, RefreshGuard, Refresher},
};
use crate::{
    clock::Clock,
    crypto::{Aead, CryptoProvider, PublicKey, pem, x509::PlatformCertificate},
    panics::caught,
    types::{ApiV3Key, DateTime, KeyId},
};

/// Ids that the platform does not know are remembered up to this many, so that a flood cannot grow memory.
const UNKNOWN_IDS: u64 = 1024;

/// Less would be a loop that asks without a pause.
const MIN_PAUSE: Duration = Duration::from_secs(1);
/// More than anybody needs, and a bound for the timers below.
const MAX_PAUSE: Duration = Duration::from_secs(30 * 24 * 3600);

/// When certificates are downloaded. The defaults satisfy every published rotation schedule.
///
/// The cache raises every time but [`request_wait`](Self::request_wait) to one second and lowers it to 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefreshSettings {
    /// Time between two refreshes; ± 20 % are added so that a fleet does not ask at once. Default 6 h.
    pub interval: Duration,
    /// Time between two refreshes when the newest certificate expires within ten days. Default 1 h.
    pub interval_before_expiry: Duration,
    /// Deadline of one download. Default 10 s.
    pub deadline: Duration,
    /// First pause after a failure; doubled each time. Default 5 s.
    pub backoff_start: Duration,
    /// Longest pause after failures. Default 10 min.
    pub backoff_limit: Duration,
    /// At most one download in this time because of an unknown serial, whoever asks. Default 60 s.
    pub on_demand_interval: Duration,
    /// How long a request waits for a download that its serial caused. Default 2 s.
    pub request_wait: Duration,
}

impl RefreshSettings {
    /// Within the bounds that the type documents.
    fn bounded(self) -> Self {
        let pause = |pause: Duration| pause.clamp(MIN_PAUSE, MAX_PAUSE);
        Self {
            interval: pause(self.interval),
            interval_before_expiry: pause(self.interval_before_expiry),
            deadline: pause(self.deadline),
            backoff_start: pause(self.backoff_start),
            backoff_limit: pause(self.backoff_limit),
            on_demand_interval: pause(self.on_demand_interval),
            request_wait: self.request_wait.min(MAX_PAUSE),
        }
    }
}

impl Default for RefreshSettings {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(6 * 3600),
            interval_before_expiry: Duration::from_secs(3600),
            deadline: Duration::from_secs(10),
            backoff_start: Duration::from_secs(5),
            backoff_limit: Duration::from_secs(600),
            on_demand_interval: Duration::from_secs(60),
            request_wait: Duration::from_secs(2),
        }
    }
}

/// Platform certificates that look after themselves.
///
/// * Reading is a snapshot: no lock, no wait, never half a set.
/// * One download at a time, at most one a minute because of unknown serials, with back-off after failures. Serials that
///   the platform does not know are remembered for a minute.
/// * One forged, weak or contradictory certificate refuses the whole answer. One that has expired or is not valid yet is
///   left out, and the others are taken; clocks may differ by five minutes. The set never shrinks because of an error, a 404
///   or an empty list; keys leave it when they expire.
/// * The very first answer is verified too: decrypted with the APIv3 key, then checked with the key found inside.
/// * A pinned WeChat Pay public key may stand beside the certificates, for the change-over. Then a 404 (the merchant has no
///   certificates) is no failure: an unknown serial is unknown, and the next download is due at the usual time.
///
/// Without a [refresher](Self::spawn_refresh) it still works: an unknown serial downloads. With one, rotation is never
/// noticed by a request. Downloads run on a tokio runtime with its timer on; reading keys needs none. Cheap to clone; all
/// clones share one set.
#[derive(Clone, Debug)]
pub struct CertificateCache {
    shared: Arc<Shared>,
}

pub(super) struct Shared {
    ring: ArcSwap<KeyRing>,
    announced: Option<KeyId>,
    provider: Arc<dyn CryptoProvider>,
    aead: Arc<dyn Aead>,
    root: Option<Arc<dyn PublicKey>>,
    fetcher: Arc<dyn FetchCertificates>,
    clock: Clock,
    pub(super) settings: RefreshSettings,
    /// Held for the length of a download: the single flight. Owned guards travel into the task that downloads.
    flight: Arc<tokio::sync::Mutex<()>>,
    schedule: Mutex<Schedule>,
    /// Counts attempts that ended, so that those who waited know whether one ran meanwhile.
    attempts: AtomicU64,
    unknown: moka::sync::Cache<KeyId, ()>,
    failing: AtomicBool,
    refreshes: AtomicU64,
    failures: AtomicU64,
}

#[derive(Default)]
struct Schedule {
    /// When the last download on demand began. Those of the timer do not count: a key that appears right after one must
    /// not be unknown for a minute.
    last_on_demand: Option<Instant>,
    failures_in_a_row: u32,
    last_success: Option<i64>,
    last_error: Option<Arc<RefreshError>>,
    /// Entries of the last list that were left out: a warning is given once for each, not with every download.
    left_out: Vec<LeftOut>,
}

impl CertificateCache {
    /// Starts to build a cache for one merchant.
    pub fn builder(api_v3_key: ApiV3Key, fetcher: Arc<dyn FetchCertificates>) -> CertificateCacheBuilder {
        CertificateCacheBuilder {
            api_v3_key,
            fetcher,
            pinned: Vec::new(),
            announced: None,
            saved: None,
            root_pem: None,
            provider: None,
            clock: Clock::system(),
            settings: RefreshSettings::default(),
        }
    }

    /// Downloads now, unless a download is under way; then waits for that one.
    ///
    /// # Errors
    /// Why it failed. The keys that were there stay. [`RefreshError::NoCertificates`] also beside a pinned public key, where
    /// [`health`](KeyStore::health) does not count it as a failure.
    ///
    /// # Cancel safety
    /// Dropping the future gives the download up and leaves the old set.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub async fn refresh(&self) -> Result<(), Arc<RefreshError>> {
        self.shared.refresh_now().await
    }

    /// A future that keeps the certificates fresh. It ends when the last clone of this cache is gone.
    pub fn refresher(&self) -> Refresher {
        refresh::refresher(&self.shared)
    }

    /// Spawns the [refresher](Self::refresher) on the current tokio runtime; dropping the guard stops it.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn_refresh(&self) -> RefreshGuard {
        RefreshGuard::new(tokio::spawn(self.refresher()))
    }

    /// The keys as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<KeyRing> {
        self.shared.ring.load_full()
    }

    /// The certificates as PEM text, to be saved (mode 0600) and given to
    /// [`saved_certificates`](CertificateCacheBuilder::saved_certificates) at the next start.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let ring = self.shared.ring.load();
        ring.iter()
            .filter_map(|key| key.certificate_der())
            .map(pem::encode_certificate)
            .collect()
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("ring", &self.ring.load())
            .field("failing", &self.failing)
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn schedule(&self) -> std::sync::MutexGuard<'_, Schedule> {
        // A poisoned schedule is still a schedule: nothing in it can be half-done.
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Downloads, or waits for the download that is under way and takes its outcome.
    pub(super) async fn refresh_now(&self) -> Result<(), Arc<RefreshError>> {
        let before = self.attempts.load(Ordering::Acquire);
        let flight = self.flight.lock().await;
        if self.attempts.load(Ordering::Acquire) != before {
            // Someone else finished while this one waited for the flight.
            return self.schedule().last_error.clone().map_or(Ok(()), Err);
        }
        let outcome = self.download().await;
        drop(flight);
        outcome
    }

    /// One attempt. The caller holds the flight.
    async fn download(&self) -> Result<(), Arc<RefreshError>> {
        // A panic in the fetcher or in the backend is a failure like any other: it must not end the refresh.
        let outcome = caught(self.fetch_and_accept())
            .await
            .unwrap_or(Err(RefreshError::Panicked));
        let outcome = match outcome {
            Ok(Accepted { ring, left_out }) => {
                tracing::info!(target: "wechatpay::keys", keys = ring.len(), "platform certificates refreshed");
                self.ring.store(Arc::new(ring));
                self.unknown.invalidate_all();
                self.refreshes.fetch_add(1, Ordering::Relaxed);
                self.warn_of(&left_out);
                Ok(())
            }
            Err(error) if self.is_definite(&error) => {
                tracing::info!(target: "wechatpay::keys", "the platform has no certificates for this merchant; the pinned public key is used");
                Err(Arc::new(error))
            }
            Err(error) => {
                tracing::warn!(target: "wechatpay::keys", error = %error, cause = ?std::error::Error::source(&error).map(ToString::to_string), "platform certificates were not refreshed; the old ones stay");
                self.failures.fetch_add(1, Ordering::Relaxed);
                Err(Arc::new(error))
            }
        };
        let failed = outcome.as_ref().is_err_and(|error| !self.is_definite(error));
        {
            let mut schedule = self.schedule();
            match &outcome {
                Ok(()) => {
                    schedule.failures_in_a_row = 0;
                    schedule.last_success = Some(self.clock.now());
                    schedule.last_error = None;
                }
                Err(error) => {
                    let failures = schedule.failures_in_a_row.saturating_add(1);
                    schedule.failures_in_a_row = if failed { failures } else { 0 };
                    schedule.last_error = Some(Arc::clone(error));
                }
            }
        }
        self.failing.store(failed, Ordering::Relaxed);
        self.attempts.fetch_add(1, Ordering::Release);
        outcome
    }

    async fn fetch_and_accept(&self) -> Result<Accepted, RefreshError> {
        let deadline = self.settings.deadline;
        match tokio::time::timeout(deadline, self.fetcher.fetch()).await {
            Ok(Ok(answer)) => {
                let ring = self.ring.load_full();
                let judge = Judge {
                    provider: self.provider.as_ref(),
                    aead: self.aead.as_ref(),
                    root: self.root.as_deref(),
                    clock: &self.clock,
                    ring: &ring,
                };
                judge.accept(answer).await
            }
            Ok(Err(error)) => Err(RefreshError::Transport(error)),
            Err(_) => Err(RefreshError::Timeout {
                seconds: deadline.as_secs(),
            }),
        }
    }

    /// Whether this error says all there is to know: with a public key, a merchant without certificates is complete.
    fn is_definite(&self, error: &RefreshError) -> bool {
        matches!(error, RefreshError::NoCertificates) && self.ring.load().has_public_key()
    }

    /// One warning for each certificate that was not left out before.
    fn warn_of(&self, left_out: &[LeftOut]) {
        let before = std::mem::replace(&mut self.schedule().left_out, left_out.to_vec());
        for LeftOut { id, why } in left_out.iter().filter(|entry| !before.contains(entry)) {
            tracing::warn!(target: "wechatpay::keys", serial = %id, why = %why, "a platform certificate was left out; the others are used");
        }
    }

    /// How long to wait before the next refresh by timer.
    pub(super) fn pause(&self) -> Duration {
        let settings = &self.settings;
        let (failures, never) = {
            let schedule = self.schedule();
            let never = schedule.last_success.is_none() && schedule.last_error.is_none();
            (schedule.failures_in_a_row, never)
        };
        if failures > 0 {
            let doubled = settings
                .backoff_start
                .saturating_mul(1 << failures.saturating_sub(1).min(16));
            return refresh::jitter(doubled.min(settings.backoff_limit));
        }
        if never && self.ring.load().newest_certificate(self.clock.now()).is_none() {
            return Duration::ZERO;
        }
        let soon = self.clock.now().saturating_add(refresh::ROTATION_SECONDS);
        let expires_soon = self
            .ring
            .load()
            .newest_expiry()
            .is_some_and(|expiry| expiry < soon);
        refresh::jitter(if expires_soon {
            settings.interval_before_expiry
        } else {
            settings.interval
        })
    }

    /// A certificate serial that the ring does not hold.
    async fn fetch(self: Arc<Self>, id: KeyId) -> Result<Arc<PlatformKey>, KeyError> {
        let wait = self.settings.request_wait;
        match tokio::time::timeout(wait, Arc::clone(&self).fetch_within(id)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(KeyError::StillRefreshing),
        }
    }

    async fn fetch_within(self: Arc<Self>, id: KeyId) -> Result<Arc<PlatformKey>, KeyError> {
        let before = self.attempts.load(Ordering::Acquire);
        loop {
            if let Ok(flight) = Arc::clone(&self.flight).try_lock_owned() {
                if let Some(key) = self.ring.load().get(&id) {
                    return Ok(Arc::clone(key));
                }
                self.reserve_on_demand()?;
                self.spawn_download(flight).await;
                break;
            }
            // Somebody is at the gate. If it is a download, its outcome is as good as one of our own.
            drop(self.flight.lock().await);
            if self.attempts.load(Ordering::Acquire) != before {
                break;
            }
        }
        if let Some(key) = self.ring.load().get(&id) {
            return Ok(Arc::clone(key));
        }
        let why = self.why_not();
        // Only after a download that really ran and did not bring it.
        if matches!(why, KeyError::Unknown) && self.attempts.load(Ordering::Acquire) != before {
            self.unknown.insert(id, ());
        }
        Err(why)
    }

    /// Takes the one download on demand that is allowed in a while, or says why there is none.
    fn reserve_on_demand(&self) -> Result<(), KeyError> {
        let now = Instant::now();
        let interval = self.settings.on_demand_interval;
        let is_due = |last: Instant| now.saturating_duration_since(last) >= interval;
        if !self.schedule().last_on_demand.is_none_or(is_due) {
            return Err(self.why_not());
        }
        self.schedule().last_on_demand = Some(now);
        Ok(())
    }

    /// Why a key that the ring does not hold is not to be had now. That there is none can only be said once the platform has
    /// given a set, or has said that there is none beside the public key.
    fn why_not(&self) -> KeyError {
        let schedule = self.schedule();
        match (&schedule.last_error, schedule.last_success) {
            (Some(error), _) if self.is_definite(error) => KeyError::Unknown,
            (Some(error), _) => KeyError::Unavailable(Arc::clone(error)),
            (None, Some(_)) => KeyError::Unknown,
            (None, None) => KeyError::Unavailable(Arc::new(RefreshError::NotDue)),
        }
    }

    /// Runs the download in a task of its own, so that a request that gives up does not end it for the others. The task
    /// takes the flight along: let go in between, it would be taken by a caller who then finds the budget spent.
    async fn spawn_download(self: &Arc<Self>, flight: tokio::sync::OwnedMutexGuard<()>) {
        let shared = Arc::clone(self);
        let task = tokio::spawn(async move {
            // The outcome is kept in the schedule.
            let _ = shared.download().await;
            drop(flight);
        });
        let _ = task.await;
    }
}

impl KeyStore for CertificateCache {
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.shared.ring.load().get(id).cloned()
    }

    fn fetch(&self, id: &KeyId) -> KeyFuture {
        match id {
            // There is no API that gives a public key, so asking would be for nothing.
            KeyId::PublicKey(_) => KeyFuture::ready(Err(KeyError::Unknown)),
            KeyId::Certificate(_) if self.shared.unknown.contains_key(id) => {
                KeyFuture::ready(Err(KeyError::Unknown))
            }
            KeyId::Certificate(_) => KeyFuture::new(Arc::clone(&self.shared).fetch(id.clone())),
        }
    }

    fn announced(&self) -> Option<KeyId> {
        let now = self.shared.clock.now();
        self.shared
            .ring
            .load()
            .announced(self.shared.announced.as_ref(), now)
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        let now = self.shared.clock.now();
        self.shared
            .ring
            .load()
            .encryption_key(self.shared.announced.as_ref(), now)
    }

    fn is_refresh_failing(&self) -> bool {
        self.shared.failing.load(Ordering::Relaxed)
    }

    fn health(&self) -> KeyHealth {
        let ring = self.shared.ring.load();
        KeyHealth {
            usable_keys: ring.usable(self.shared.clock.now()),
            newest_expiry: ring
                .newest_expiry()
                .and_then(|at| DateTime::from_unix_seconds(at).ok()),
            last_success: self.shared.schedule().last_success,
            refreshes: self.shared.refreshes.load(Ordering::Relaxed),
            failures: self.shared.failures.load(Ordering::Relaxed),
            refresh_failing: self.is_refresh_failing(),
            ..KeyHealth::default()
        }
    }
}

/// Builds a [`CertificateCache`].
#[must_use = "call build()"]
pub struct CertificateCacheBuilder {
    api_v3_key: ApiV3Key,
    fetcher: Arc<dyn FetchCertificates>,
    pinned: Vec<Arc<PlatformKey>>,
    announced: Option<KeyId>,
    saved: Option<String>,
    root_pem: Option<String>,
    provider: Option<Arc<dyn CryptoProvider>>,
    clock: Clock,
    settings: RefreshSettings,
}

/// Leaves the PEM texts out: a private key may have been given for one.
impl std::fmt::Debug for CertificateCacheBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CertificateCacheBuilder")
            .field("fetcher", &self.fetcher)
            .field("pinned", &self.pinned)
            .field("announced", &self.announced)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl CertificateCacheBuilder {
    /// A key that is trusted from the start and never expires by a refresh: a WeChat Pay public key.
    pub fn pin(mut self, key: impl Into<Arc<PlatformKey>>) -> Self {
        self.pinned.push(key.into());
        self
    }

    /// Announces this key on requests and encrypts with it, as long as it is valid. Default: the pinned public key, else
    /// the newest certificate.
    pub fn announce(mut self, id: KeyId) -> Self {
        self.announced = Some(id);
        self
    }

    /// Certificates of the last run ([`CertificateCache::to_pem`]); those that are out of their time are left out.
    pub fn saved_certificates(mut self, pem: impl Into<String>) -> Self {
        self.saved = Some(pem.into());
        self
    }

    /// Accepts only certificates that this issuer signed (PEM certificate or public key).
    pub fn root(mut self, pem: impl Into<String>) -> Self {
        self.root_pem = Some(pem.into());
        self
    }

    /// Another backend than the features choose.
    pub fn provider(mut self, provider: Arc<dyn CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Another clock than the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// When to download, within the bounds of [`RefreshSettings`].
    pub fn settings(mut self, settings: RefreshSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Makes the cache. Nothing is downloaded or spawned yet.
    ///
    /// # Errors
    /// A root or saved certificate that cannot be read, or no crypto backend.
    pub fn build(self) -> Result<CertificateCache, crate::ConfigError> {
        let provider = match self.provider {
            Some(provider) => provider,
            None => crate::crypto::default_provider()?,
        };
        let now = self.clock.now();
        let root = self
            .root_pem
            .as_deref()
            .map(|pem| pem::public_key(pem, provider.as_ref()))
            .transpose()?;
        let mut keys: Vec<Arc<PlatformKey>> = self.pinned;
        for der in self
            .saved
            .as_deref()
            .map(pem::split_certificates)
            .transpose()?
            .unwrap_or_default()
        {
            let key = PlatformCertificate::from_der(&der)
                .map_err(RefusedCertificate::Key)
                .and_then(|certificate| downloaded(&certificate, root.as_deref(), provider.as_ref()));
            match key {
                Ok(key) if keys.iter().any(|known| known.conflicts_with(&key)) => {
                    return Err(crate::ConfigError::SavedCertificate(
                        RefusedCertificate::SerialReused,
                    ));
                }
                // Time has passed since it was saved, or the clock was set back; the download brings what is valid now.
                Ok(key) if !key.is_valid_at(now) => {}
                Ok(key) => keys.push(Arc::new(key)),
                Err(RefusedCertificate::Key(error)) => return Err(error.into()),
                Err(other) => return Err(crate::ConfigError::SavedCertificate(other)),
            }
        }
        let aead = provider.aead(&self.api_v3_key)?;
        let settings = self.settings.bounded();
        Ok(CertificateCache {
            shared: Arc::new(Shared {
                ring: ArcSwap::from_pointee(KeyRing::new(keys)),
                announced: self.announced,
                provider,
                aead,
                root,
                fetcher: self.fetcher,
                clock: self.clock,
                flight: Arc::default(),
                schedule: Mutex::new(Schedule::default()),
                attempts: AtomicU64::new(0),
                unknown: moka::sync::Cache::builder()
                    .max_capacity(UNKNOWN_IDS)
                    .time_to_live(settings.on_demand_interval)
                    .build(),
                settings,
                failing: AtomicBool::new(false),
                refreshes: AtomicU64::new(0),
                failures: AtomicU64::new(0),
            }),
        })
    }
}

//! Downloads of certificates: one at a time, and only when one is due.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use arc_swap::{ArcSwap, Guard};
use tokio::time::Instant;

use super::{
    CertificateSource, KeyError, KeyHealth, KeyRing, PlatformKey, RefreshError, RefreshSettings,
    accept::{Accepted, CertificateValidator, LeftOut},
};
use crate::{
    backoff::{Backoff, Jitter},
    clock::Clock,
    crypto::{Aead, CryptoProvider, PublicKey},
    panics::caught,
    recent::Recent,
    types::{DateTime, KeyId},
    verify::Observer,
};

/// Time before expiry from which downloads are more frequent, in seconds.
///
/// A successor can be downloaded ten days before a certificate expires.
const ROTATION_SECONDS: i64 = 10 * 24 * 3600;
/// Jitter of ± 20 %, so that instances started together do not download together.
const JITTER: Jitter = Jitter::percent(80, 120);

/// Source of certificates, and the rules for accepting them.
pub(super) struct Source {
    pub(super) certificates: Arc<dyn CertificateSource>,
    pub(super) provider: Arc<dyn CryptoProvider>,
    pub(super) aead: Arc<dyn Aead>,
    pub(super) root: Option<Arc<dyn PublicKey>>,
    pub(super) observer: Option<Arc<dyn Observer>>,
}

/// Keys of a cache and the state of their downloads.
///
/// Shared by the clones of the cache and its refresher.
pub(super) struct Downloads {
    ring: ArcSwap<KeyRing>,
    source: Source,
    clock: Clock,
    settings: RefreshSettings,
    /// Held during a download, so that only one runs.
    ///
    /// The task that downloads owns the guard.
    flight: Arc<tokio::sync::Mutex<()>>,
    schedule: Mutex<Schedule>,
    /// Number of finished attempts.
    ///
    /// Waiting callers compare it to see whether one ran in the meantime.
    attempts: AtomicU64,
    /// Ids that the platform does not know.
    ///
    /// Bounded, so that many of them cannot exhaust memory.
    unknown: Mutex<Recent<KeyId, ()>>,
    failing: AtomicBool,
    refreshes: AtomicU64,
    failures: AtomicU64,
}

#[derive(Default)]
struct Schedule {
    /// Start of the last download on demand.
    ///
    /// Downloads of the timer do not count: a key that appears right after one must not stay unknown for a minute.
    last_on_demand: Option<Instant>,
    failures_in_a_row: u32,
    last_success: Option<i64>,
    last_error: Option<Arc<RefreshError>>,
    /// Entries of the last list that were left out.
    ///
    /// Each is logged once and not with every download.
    left_out: Vec<LeftOut>,
}

impl fmt::Debug for Downloads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloads")
            .field("ring", &self.ring.load())
            .field("failing", &self.failing)
            .finish_non_exhaustive()
    }
}

impl Downloads {
    pub(super) fn new(keys: KeyRing, source: Source, clock: Clock, settings: RefreshSettings) -> Self {
        Self {
            ring: ArcSwap::from_pointee(keys),
            source,
            clock,
            settings: settings.bounded(),
            flight: Arc::default(),
            schedule: Mutex::default(),
            attempts: AtomicU64::new(0),
            unknown: Mutex::new(Recent::new()),
            failing: AtomicBool::new(false),
            refreshes: AtomicU64::new(0),
            failures: AtomicU64::new(0),
        }
    }

    /// Returns the current keys.
    pub(super) fn ring(&self) -> Guard<Arc<KeyRing>> {
        self.ring.load()
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now()
    }

    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Returns `true` if the platform recently did not know this id.
    pub(super) fn is_unknown(&self, id: &KeyId) -> bool {
        let time = self.settings.on_demand_interval;
        self.unknown().get(id, time).is_some()
    }

    pub(super) fn health(&self) -> KeyHealth {
        let ring = self.ring();
        KeyHealth {
            usable_keys: ring.usable(self.now()),
            newest_expiry: ring
                .newest_expiry()
                .and_then(|at| DateTime::from_unix_seconds(at).ok()),
            last_success: self.schedule().last_success,
            refreshes: self.refreshes.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            refresh_failing: self.is_failing(),
            ..KeyHealth::default()
        }
    }

    fn unknown(&self) -> MutexGuard<'_, Recent<KeyId, ()>> {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn schedule(&self) -> MutexGuard<'_, Schedule> {
        // A poisoned schedule is still consistent: every change is one step.
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Downloads, or waits for the download in progress and returns its result.
    pub(super) async fn refresh_now(&self) -> Result<(), Arc<RefreshError>> {
        let before = self.attempts.load(Ordering::Acquire);
        let flight = self.flight.lock().await;
        if self.attempts.load(Ordering::Acquire) != before {
            // Another caller finished while this one waited for the flight.
            return self.schedule().last_error.clone().map_or(Ok(()), Err);
        }
        let outcome = self.download().await;
        drop(flight);
        outcome
    }

    /// Makes one attempt. The caller holds the flight.
    async fn download(&self) -> Result<(), Arc<RefreshError>> {
        // A panic in the source or the backend is a failure like any other and must not end the refresh.
        let outcome = caught(self.fetch_and_accept())
            .await
            .unwrap_or(Err(RefreshError::Panicked));
        let outcome = match outcome {
            Ok(Accepted { ring, left_out }) => {
                tracing::info!(target: "wechatpay::keys", keys = ring.len(), "platform certificates refreshed");
                self.ring.store(Arc::new(ring));
                self.unknown().clear();
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
        match tokio::time::timeout(deadline, self.source.certificates.fetch()).await {
            Ok(Ok(response)) => {
                let ring = self.ring.load_full();
                let validator = CertificateValidator {
                    provider: self.source.provider.as_ref(),
                    aead: self.source.aead.as_ref(),
                    root: self.source.root.as_deref(),
                    clock: &self.clock,
                    ring: &ring,
                    observer: self.source.observer.as_ref(),
                };
                validator.accept(response).await
            }
            Ok(Err(error)) => Err(RefreshError::Transport(error)),
            Err(_) => Err(RefreshError::Timeout {
                seconds: deadline.as_secs(),
            }),
        }
    }

    /// Returns `true` if the error is final.
    ///
    /// With a public key, a merchant without certificates is complete.
    fn is_definite(&self, error: &RefreshError) -> bool {
        matches!(error, RefreshError::NoCertificates) && self.ring.load().has_public_key()
    }

    /// Logs one warning for each certificate that was not left out before.
    fn warn_of(&self, left_out: &[LeftOut]) {
        let before = std::mem::replace(&mut self.schedule().left_out, left_out.to_vec());
        for LeftOut { id, why } in left_out.iter().filter(|entry| !before.contains(entry)) {
            tracing::warn!(target: "wechatpay::keys", serial = %id, why = %why, "a platform certificate was left out; the others are used");
        }
    }

    /// Returns the pause before the next refresh by timer.
    pub(super) fn pause(&self) -> Duration {
        let settings = &self.settings;
        let (failures, never) = {
            let schedule = self.schedule();
            let never = schedule.last_success.is_none() && schedule.last_error.is_none();
            (schedule.failures_in_a_row, never)
        };
        if failures > 0 {
            let backoff = Backoff::new(settings.backoff_start, settings.backoff_limit);
            return JITTER.spread(backoff.pause(failures));
        }
        if never && self.ring.load().newest_certificate(self.clock.now()).is_none() {
            return Duration::ZERO;
        }
        let soon = self.clock.now().saturating_add(ROTATION_SECONDS);
        let expires_soon = self
            .ring
            .load()
            .newest_expiry()
            .is_some_and(|expiry| expiry < soon);
        JITTER.spread(if expires_soon {
            settings.interval_before_expiry
        } else {
            settings.interval
        })
    }

    /// Fetches a certificate serial that the ring does not hold.
    pub(super) async fn fetch(self: Arc<Self>, id: KeyId) -> Result<Arc<PlatformKey>, KeyError> {
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
            // Another caller holds the flight. If it downloads, its outcome counts for this caller too.
            drop(self.flight.lock().await);
            if self.attempts.load(Ordering::Acquire) != before {
                break;
            }
        }
        if let Some(key) = self.ring.load().get(&id) {
            return Ok(Arc::clone(key));
        }
        let why = self.why_not();
        // Only after a download that ran and did not contain it.
        if matches!(why, KeyError::Unknown) && self.attempts.load(Ordering::Acquire) != before {
            self.unknown().insert(id, (), self.settings.on_demand_interval);
        }
        Err(why)
    }

    /// Reserves the next download on demand, or returns the reason why none is due.
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

    /// Returns the reason why a key is not in the ring.
    ///
    /// `Unknown` is certain only after the platform has returned a set, or has returned no certificates beside the
    /// public key.
    fn why_not(&self) -> KeyError {
        let schedule = self.schedule();
        match (&schedule.last_error, schedule.last_success) {
            (Some(error), _) if self.is_definite(error) => KeyError::Unknown,
            (Some(error), _) => KeyError::Unavailable(Arc::<RefreshError>::clone(error)),
            (None, Some(_)) => KeyError::Unknown,
            (None, None) => KeyError::Unavailable(Arc::new(RefreshError::NotDue)),
        }
    }

    /// Runs the download in its own task, independent of the request.
    ///
    /// The task owns the flight. Otherwise another caller could take it in between and find the budget used up.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_a_fifth() {
        for _ in 0..1000 {
            let pause = JITTER.spread(Duration::from_secs(100));
            assert!((80..=120).contains(&pause.as_secs()), "{pause:?}");
        }
    }
}

//! Background refresh: schedule, backoff, failures, settings and shutdown.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;
use wechatpay_core::{
    Clock,
    keys::{
        CertificateCache, CertificateSource, FetchFuture, KeyError, KeyStore, RefreshError, RefreshSettings,
    },
    testing::{DEMO_API_V3_KEY, DemoKey, FakePlatform},
    types::ApiV3Key,
};

use super::{DAY, Gateway, HOUR, MINUTE, NOW, Reply, Rig, SERIAL_1, clock, forged, id_1, rigs};

/// Source that panics when it is called or polled, until told otherwise.
#[derive(Clone, Debug)]
struct Panicking {
    gateway: Gateway,
    at_once: bool,
    left: Arc<AtomicUsize>,
}

impl CertificateSource for Panicking {
    fn fetch(&self) -> FetchFuture {
        let fetched = self.gateway.fetch();
        let (at_once, left) = (self.at_once, Arc::clone(&self.left));
        let panics = move || {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok()
        };
        if at_once {
            assert!(!panics(), "a test that panics where it is called");
            return fetched;
        }
        Box::pin(async move {
            tokio::task::yield_now().await;
            assert!(!panics(), "a test that panics where it is polled");
            fetched.await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_is_a_failure_and_does_not_end_the_refresh() {
    for rig in rigs() {
        for at_once in [true, false] {
            let source = Panicking {
                gateway: rig.gateway.clone(),
                at_once,
                left: Arc::new(AtomicUsize::new(3)),
            };
            rig.gateway.says(Reply::Response(rig.response_1()));
            let key = ApiV3Key::parse(DEMO_API_V3_KEY).unwrap();
            let cache = CertificateCache::builder(key, Arc::new(source))
                .provider(Arc::clone(rig.platform.provider()))
                .clock(clock(&rig.time))
                .build()
                .unwrap();
            // One by hand, one on demand, the third by the timer.
            let error = cache.refresh().await.unwrap_err();
            assert!(
                matches!(*error, RefreshError::Panicked),
                "{}: {error:?}",
                rig.name
            );
            let outcome = cache.fetch(&id_1()).await;
            assert!(
                matches!(&outcome, Err(KeyError::Unavailable(error)) if matches!(error.downcast_ref(), Some(RefreshError::Panicked))),
                "{}: {outcome:?}",
                rig.name
            );
            let guard = cache.spawn_refresh();
            tokio::time::sleep(Duration::from_secs(15)).await;
            let health = cache.health();
            assert!(guard.is_running(), "{}", rig.name);
            assert!(
                health.refresh_failing && health.failures == 3,
                "{}: {health:?}",
                rig.name
            );
            tokio::time::sleep(HOUR).await;
            let health = cache.health();
            assert!(
                !health.refresh_failing && health.is_ready(),
                "{}: {health:?}",
                rig.name
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn zero_settings_neither_spin_nor_panic() {
    for rig in rigs() {
        for time in [Duration::ZERO, Duration::from_nanos(1)] {
            let mut settings = RefreshSettings::default();
            settings.interval = time;
            settings.interval_before_expiry = time;
            settings.deadline = time;
            settings.backoff_start = time;
            settings.backoff_limit = time;
            settings.on_demand_interval = time;
            for reply in [Reply::Unreachable, Reply::Response(rig.response_1())] {
                rig.gateway.says(reply);
                let before = rig.gateway.calls();
                let cache = rig.builder().settings(settings).build().unwrap();
                let _guard = cache.spawn_refresh();
                tokio::time::sleep(Duration::from_secs(100)).await;
                for number in 0..100 {
                    let _ = cache.fetch(&forged(number)).await;
                }
                let calls = rig.gateway.calls() - before;
                assert!((80..=130).contains(&calls), "{}: {calls}", rig.name);
            }
        }
        let mut settings = RefreshSettings::default();
        settings.interval = Duration::MAX;
        settings.interval_before_expiry = Duration::MAX;
        settings.deadline = Duration::MAX;
        settings.backoff_start = Duration::MAX;
        settings.backoff_limit = Duration::MAX;
        settings.on_demand_interval = Duration::MAX;
        settings.request_wait = Duration::MAX;
        rig.gateway.says(Reply::Response(rig.response_1()));
        let cache = rig.builder().settings(settings).build().unwrap();
        let _guard = cache.spawn_refresh();
        assert!(cache.fetch(&id_1()).await.is_ok(), "{}", rig.name);
    }
}

/// Creates a rig whose wall clock follows the paused clock of tokio.
///
/// Hours can then pass automatically.
fn flowing(mut rig: Rig) -> Rig {
    let start = Instant::now();
    let now = move || NOW + i64::try_from(start.elapsed().as_secs()).unwrap();
    rig.platform = rig.platform.clock(Clock::from_fn(now));
    rig
}

/// Gateway that signs its response on request.
#[derive(Debug)]
struct Signing {
    gateway: Gateway,
    platform: FakePlatform,
    pem: String,
}

impl CertificateSource for Signing {
    fn fetch(&self) -> FetchFuture {
        let signer = (id_1(), self.platform.demo_key(DemoKey::Platform1));
        let response = self
            .platform
            .certificates_response(std::slice::from_ref(&self.pem), signer);
        self.gateway.says(Reply::Response(response));
        self.gateway.fetch()
    }
}

impl Rig {
    /// Creates a cache of a gateway whose certificate expires in `days`.
    fn answered(&self, days: i64) -> CertificateCache {
        let mut spec = self.spec(DemoKey::Platform1, &SERIAL_1);
        spec.not_after = NOW + days * DAY;
        let signing = Signing {
            gateway: self.gateway.clone(),
            platform: self.platform.clone(),
            pem: self.platform.issue(&spec),
        };
        let platform = self.platform.clone();
        CertificateCache::builder(ApiV3Key::parse(DEMO_API_V3_KEY).unwrap(), Arc::new(signing))
            .provider(Arc::clone(self.platform.provider()))
            .clock(Clock::from_fn(move || platform.now()))
            .build()
            .unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_downloads_at_once_and_then_every_six_hours_with_jitter() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(1000);
        let guard = cache.spawn_refresh();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
        tokio::time::sleep(100 * HOUR).await;
        let pauses = rig.gateway.pauses();
        assert!((13..=21).contains(&pauses.len()), "{}: {pauses:?}", rig.name);
        let hours = 4.8 * 3600.0 - 1.0..=7.2 * 3600.0 + 1.0;
        assert!(
            pauses.iter().all(|pause| hours.contains(pause)),
            "{}: {pauses:?}",
            rig.name
        );
        let spread = pauses.iter().any(|pause| (pause - pauses[0]).abs() > 1.0);
        assert!(spread, "{}: a fleet would ask in step: {pauses:?}", rig.name);
        assert!(guard.is_running(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn within_ten_days_of_expiry_the_refresher_downloads_every_hour() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(9);
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(50 * HOUR).await;
        let pauses = rig.gateway.pauses();
        let hours = 0.8 * 3600.0 - 1.0..=1.2 * 3600.0 + 1.0;
        assert!(pauses.len() > 40, "{}: {pauses:?}", rig.name);
        assert!(
            pauses.iter().all(|pause| hours.contains(pause)),
            "{}: {pauses:?}",
            rig.name
        );
    }
}

#[tokio::test(start_paused = true)]
async fn failures_back_off_from_five_seconds_to_ten_minutes_and_a_success_ends_it() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.cold();
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(HOUR).await;
        let pauses = rig.gateway.pauses();
        let expected = [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 600.0, 600.0, 600.0];
        for (pause, expected) in pauses.iter().zip(expected) {
            let allowed = expected * 0.8 - 0.1..=expected * 1.2 + 0.1;
            assert!(
                allowed.contains(pause),
                "{}: {pause} is not about {expected}",
                rig.name
            );
        }
        assert!(pauses.len() >= 9, "{}: {pauses:?}", rig.name);

        rig.gateway.says(Reply::Response(rig.response_1()));
        let answered_at = rig.gateway.calls();
        // The response is dated now, and the cache's clock stands still at the same time.
        rig.time.store(rig.platform.now(), Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(721)).await;
        assert_eq!(rig.gateway.calls(), answered_at + 1, "{}", rig.name);
        assert!(!cache.is_refresh_failing(), "{}", rig.name);
        tokio::time::sleep(4 * HOUR).await;
        assert_eq!(rig.gateway.calls(), answered_at + 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_ends_when_the_last_cache_is_dropped() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(1000);
        let guard = cache.spawn_refresh();
        let clone = cache.clone();
        tokio::time::sleep(HOUR).await;
        drop(cache);
        tokio::time::sleep(HOUR).await;
        assert!(guard.is_running(), "{}", rig.name);
        drop(clone);
        tokio::time::sleep(2 * MINUTE).await;
        assert!(!guard.is_running(), "{}", rig.name);
        tokio::time::sleep(24 * HOUR).await;
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_ends_when_its_guard_is_dropped() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig.answered(1000);
        let guard = cache.spawn_refresh();
        tokio::time::sleep(HOUR).await;
        drop(guard);
        tokio::time::sleep(100 * HOUR).await;
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
        assert!(cache.get(&id_1()).is_some(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_refresher_of_a_cache_with_saved_certificates_does_not_download_at_once() {
    for rig in rigs().into_iter().map(flowing) {
        let cache = rig
            .builder()
            .saved_certificates(rig.certificate_1())
            .build()
            .unwrap();
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(4 * HOUR).await;
        assert_eq!(rig.gateway.calls(), 0, "{}", rig.name);
        tokio::time::sleep(4 * HOUR).await;
        assert!(rig.gateway.calls() > 0, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn deadline_wait_and_interval_of_the_settings_are_used() {
    for rig in rigs() {
        let mut settings = RefreshSettings::default();
        settings.deadline = Duration::from_secs(3);
        settings.request_wait = Duration::from_millis(500);
        settings.on_demand_interval = Duration::from_secs(10);
        let cache = rig.builder().settings(settings).build().unwrap();
        rig.gateway.says(Reply::Hang);
        let started = Instant::now();
        let outcome = cache.fetch(&id_1()).await;
        assert!(matches!(outcome, Err(KeyError::StillRefreshing)), "{}", rig.name);
        assert_eq!(started.elapsed().as_millis() / 100, 5, "{}", rig.name);
        let error = cache.refresh().await.unwrap_err();
        assert!(
            matches!(*error, RefreshError::Timeout { seconds: 3 }),
            "{}",
            rig.name
        );
        rig.pass(Duration::from_secs(10)).await;
        rig.gateway.says(Reply::Response(rig.response_1()));
        assert!(cache.fetch(&id_1()).await.is_ok(), "{}", rig.name);
    }
}

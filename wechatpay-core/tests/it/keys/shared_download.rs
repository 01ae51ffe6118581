//! Concurrent lookups that share one download.

use std::{sync::Arc, time::Duration};

use tokio::time::Instant;
use wechatpay_core::{
    keys::{KeyError, KeyStore, RefreshSettings},
    verify::VerifyError,
};

use super::{MINUTE, Reply, id_1, ids, rigs};

#[tokio::test(start_paused = true)]
async fn sixty_four_callers_of_an_empty_cache_share_one_download() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway
            .says(Reply::After(Duration::from_millis(100), rig.response_1()));
        let callers: Vec<_> = (0..64)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.fetch(&id_1()).await })
            })
            .collect();
        for caller in callers {
            let outcome = caller.await.unwrap();
            assert!(outcome.is_ok(), "{}: {outcome:?}", rig.name);
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_on_many_threads_share_one_download() {
    // A busy machine may take longer than the default wait; the number of downloads is tested here.
    let mut settings = RefreshSettings::default();
    settings.request_wait = Duration::from_secs(60);
    for rig in rigs() {
        for _ in 0..20 {
            let cache = rig.builder().settings(settings).build().unwrap();
            let gateway = rig.gateway.calls();
            rig.gateway
                .says(Reply::After(Duration::from_millis(20), rig.response_1()));
            let callers: Vec<_> = (0..64)
                .map(|_| {
                    let cache = cache.clone();
                    tokio::spawn(async move { cache.fetch(&id_1()).await })
                })
                .collect();
            for caller in callers {
                let outcome = caller.await.unwrap();
                assert!(outcome.is_ok(), "{}: {outcome:?}", rig.name);
            }
            assert_eq!(rig.gateway.calls() - gateway, 1, "{}", rig.name);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_refreshes_share_one_download() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway
            .says(Reply::After(Duration::from_millis(100), rig.response_1()));
        let refreshes: Vec<_> = (0..16)
            .map(|_| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.refresh().await })
            })
            .collect();
        for refresh in refreshes {
            refresh.await.unwrap().unwrap();
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);

        rig.gateway.says(Reply::Unreachable);
        assert!(cache.refresh().await.is_err(), "{}", rig.name);
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_known_serial_does_not_wait_for_a_running_download() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway.says(Reply::Hang);
        let hanging = tokio::spawn({
            let cache = cache.clone();
            async move { cache.refresh().await }
        });
        tokio::task::yield_now().await;
        let started = Instant::now();
        rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap();
        assert_eq!(started.elapsed(), Duration::ZERO, "{}", rig.name);
        assert!(!hanging.is_finished(), "{}", rig.name);
        hanging.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_caller_neither_stops_the_download_nor_blocks_the_next() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway
            .says(Reply::After(Duration::from_millis(500), rig.response_1()));
        let leader = tokio::time::timeout(Duration::from_millis(50), cache.fetch(&id_1()));
        assert!(leader.await.is_err(), "{}", rig.name);
        let follower = cache.fetch(&id_1()).await;
        assert!(follower.is_ok(), "{}: {follower:?}", rig.name);
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_refresh_keeps_the_old_set_and_allows_the_next() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway.says(Reply::Hang);
        let dropped = tokio::time::timeout(Duration::from_secs(1), cache.refresh());
        assert!(dropped.await.is_err(), "{}", rig.name);
        assert_eq!(ids(&cache), ["1A010101"], "{}", rig.name);
        rig.gateway.says(Reply::Response(rig.response_both()));
        cache.refresh().await.unwrap();
        assert_eq!(cache.snapshot().len(), 2, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_cache_whose_download_was_dropped_is_unavailable_and_not_unknown() {
    for rig in rigs() {
        let cache = rig.cold();
        rig.gateway.says(Reply::Hang);
        let dropped = tokio::time::timeout(Duration::from_secs(1), cache.refresh());
        assert!(dropped.await.is_err(), "{}", rig.name);
        // Nothing was ever learnt, so nobody can say that there is no such key.
        let error = rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap_err();
        assert_eq!(error.code(), "key_unavailable", "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_waits_two_seconds_for_an_unknown_serial_and_is_then_retryable() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.pass(2 * MINUTE).await;
        rig.gateway.says(Reply::Hang);
        let started = Instant::now();
        let error = rig.verify(Arc::new(cache), &rig.signer_2()).await.unwrap_err();
        let waited = started.elapsed();
        assert!(
            (2000..2100).contains(&waited.as_millis()),
            "{}: {waited:?}",
            rig.name
        );
        assert!(
            matches!(
                error,
                VerifyError::KeyUnavailable {
                    source: KeyError::StillRefreshing,
                    ..
                }
            ),
            "{}",
            rig.name
        );
        assert!(error.is_retryable(), "{}", rig.name);
    }
}

//! Outages of the certificate source.

use std::sync::{Arc, atomic::Ordering};

use wechatpay_core::keys::{KeyError, KeyStore, RefreshError};

use super::{DAY, HOUR, NOW, Reply, forged, rigs};

#[tokio::test(start_paused = true)]
async fn known_keys_verify_through_an_outage() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.gateway.says(Reply::Unreachable);
        for _ in 0..50 {
            rig.pass(HOUR).await;
            assert!(cache.refresh().await.is_err(), "{}", rig.name);
            rig.verify(Arc::new(cache.clone()), &rig.signer_1())
                .await
                .unwrap();
        }
        assert!(cache.is_refresh_failing(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_without_keys_downloads_once_and_is_retryable() {
    for rig in rigs() {
        let cache = rig.cold();
        let callers: Vec<_> = (0..200)
            .map(|number| {
                let cache = cache.clone();
                tokio::spawn(async move { cache.fetch(&forged(number)).await })
            })
            .collect();
        for caller in callers {
            let outcome = caller.await.unwrap();
            assert!(
                matches!(&outcome, Err(KeyError::Unavailable(why)) if matches!(why.downcast_ref(), Some(RefreshError::Transport(_)))),
                "{}: {outcome:?}",
                rig.name
            );
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
        let error = rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap_err();
        assert!(error.is_retryable(), "{}", rig.name);
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn after_an_outage_an_unknown_serial_is_unknown_again() {
    for rig in rigs() {
        let cache = rig.cold();
        let outage = cache.fetch(&forged(1)).await;
        assert!(matches!(outage, Err(KeyError::Unavailable(_))), "{}", rig.name);
        rig.gateway.says(Reply::Response(rig.response_1()));
        cache.refresh().await.unwrap();
        let unknown = cache.fetch(&forged(1)).await;
        assert!(
            matches!(unknown, Err(KeyError::Unknown)),
            "{}: {unknown:?}",
            rig.name
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_key_is_retryable_while_its_successor_cannot_be_fetched() {
    for rig in rigs() {
        let cache = rig.warm().await;
        rig.time.store(NOW + 4 * 365 * DAY, Ordering::Relaxed);
        let error = rig
            .verify(Arc::new(cache.clone()), &rig.signer_1())
            .await
            .unwrap_err();
        assert!(!error.is_retryable(), "{}: {error:?}", rig.name);
        rig.gateway.says(Reply::Unreachable);
        assert!(cache.refresh().await.is_err(), "{}", rig.name);
        let error = rig.verify(Arc::new(cache), &rig.signer_1()).await.unwrap_err();
        assert_eq!(error.code(), "key_expired", "{}", rig.name);
        assert!(error.is_retryable(), "{}", rig.name);
    }
}

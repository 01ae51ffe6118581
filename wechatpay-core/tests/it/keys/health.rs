//! Health of the keys, for a health page.

use std::sync::atomic::Ordering;

use wechatpay_core::{
    keys::{CertificateCache, KeyStore, PinnedKeys},
    verify::Verifier,
};

use super::{DAY, MINUTE, NOW, Reply, rigs};

#[tokio::test(start_paused = true)]
async fn health_shows_usable_keys_and_the_last_success() {
    for rig in rigs() {
        let cache = rig.cold();
        let health = cache.health();
        assert!(!health.is_ready() && !health.refresh_failing, "{}", rig.name);
        assert_eq!(
            (health.usable_keys, health.last_success),
            (0, None),
            "{}",
            rig.name
        );

        rig.gateway.says(Reply::Response(rig.response_both()));
        cache.refresh().await.unwrap();
        let health = cache.health();
        assert!(health.is_ready(), "{}", rig.name);
        assert_eq!(health.usable_keys, 2, "{}", rig.name);
        assert_eq!(health.last_success, Some(NOW), "{}", rig.name);
        assert_eq!((health.refreshes, health.failures), (1, 0), "{}", rig.name);
        let expiry = health.newest_expiry.unwrap().unix_seconds();
        assert_eq!(expiry, NOW + 3 * 365 * DAY, "{}", rig.name);

        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Unreachable);
        assert!(cache.refresh().await.is_err(), "{}", rig.name);
        let health = cache.health();
        assert!(health.is_ready() && health.refresh_failing, "{}", rig.name);
        assert_eq!(health.last_success, Some(NOW), "{}", rig.name);
        assert_eq!((health.refreshes, health.failures), (1, 1), "{}", rig.name);

        rig.time.store(NOW + 4 * 365 * DAY, Ordering::Relaxed);
        assert!(!cache.health().is_ready(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_public_key_has_no_expiry_in_health() {
    for rig in rigs() {
        let health = rig.platform.key_store().health();
        assert!(health.is_ready(), "{}", rig.name);
        assert_eq!(health.newest_expiry, None, "{}", rig.name);
    }
}

#[test]
fn handles_go_to_other_threads() {
    fn handle<T: Clone + Send + Sync + 'static>() {}
    handle::<CertificateCache>();
    handle::<PinnedKeys>();
    handle::<Verifier>();
}

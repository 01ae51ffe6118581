//! Rotation: old and new keys verify side by side.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use wechatpay_core::testing::DemoKey;

use super::{DAY, MINUTE, NOW, Reply, SERIAL_1, SERIAL_2, ids, rigs};

#[tokio::test(start_paused = true)]
async fn old_and_new_key_and_public_key_verify_side_by_side_while_the_set_is_refreshed() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(Reply::Response(rig.response_1()));
        cache.refresh().await.unwrap();
        rig.pass(2 * MINUTE).await;

        // The successor shows up in a signature first; asking for it brings it.
        rig.gateway
            .says(Reply::After(Duration::from_millis(300), rig.response_both()));
        let signers = [rig.signer_1(), rig.signer_2(), rig.platform.signing_key()];
        let refreshing = tokio::spawn({
            let cache = cache.clone();
            async move { cache.refresh().await }
        });
        for round in 0..9 {
            let signer = &signers[round % 3];
            let outcome = rig.verify(Arc::new(cache.clone()), signer).await;
            assert!(outcome.is_ok(), "{}: round {round}: {outcome:?}", rig.name);
        }
        refreshing.await.unwrap().unwrap();
        assert_eq!(rig.gateway.calls(), 2, "{}", rig.name);
        assert_eq!(cache.snapshot().len(), 3, "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_no_longer_listed_stays_until_it_expires() {
    for rig in rigs() {
        let cache = rig.cold();
        let mut spec = rig.spec(DemoKey::Platform1, &SERIAL_1);
        spec.not_after = NOW + 5 * DAY;
        let old = rig.platform.issue(&spec);
        let response = rig.platform.certificates_response(&[old], rig.signer_1());
        rig.gateway.says(Reply::Response(response));
        cache.refresh().await.unwrap();

        let response = || {
            rig.platform
                .certificates_response(&[rig.certificate_2()], rig.signer_2())
        };
        rig.gateway.says(Reply::Response(response()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}", rig.name);

        rig.time.store(NOW + 5 * DAY + 300, Ordering::Relaxed);
        rig.verify(Arc::new(cache.clone()), &rig.signer_1())
            .await
            .unwrap();
        rig.time.store(NOW + 5 * DAY + 301, Ordering::Relaxed);
        let expired = rig
            .verify(Arc::new(cache.clone()), &rig.signer_1())
            .await
            .unwrap_err();
        assert_eq!(expired.code(), "key_expired", "{}", rig.name);
        rig.gateway.says(Reply::Response(response()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["2B020202"], "{}", rig.name);
    }
}

#[tokio::test]
async fn a_key_that_is_pinned_for_later_outlives_a_refresh() {
    for rig in rigs() {
        let mut spec = rig.spec(DemoKey::Platform2, &SERIAL_2);
        spec.not_before = NOW + 5 * DAY;
        let later = rig.platform.platform_key(&rig.platform.issue(&spec));
        let cache = rig.builder().pin(later).build().unwrap();
        rig.gateway.says(Reply::Response(rig.response_1()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["2B020202", "1A010101"], "{}", rig.name);
    }
}

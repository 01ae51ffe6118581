//! Merchants with a platform public key, with and without certificates.

use std::sync::Arc;

use bytes::Bytes;
use wechatpay_core::{
    keys::{CertificatesResponse, KeyError, KeyStore},
    testing::DemoKey,
};

use super::{HOUR, MINUTE, Reply, forged, id_1, rigs};

#[tokio::test]
async fn a_merchant_without_certificates_keeps_its_pinned_public_key() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(Reply::Response(CertificatesResponse {
            status: 404,
            headers: Vec::new(),
            body: Bytes::from_static(b"{\"code\":\"RESOURCE_NOT_EXISTS\"}"),
        }));
        let error = cache.refresh().await.unwrap_err();
        assert!(error.to_string().contains("public key"), "{}: {error}", rig.name);
        rig.verify(Arc::new(cache), &rig.platform.signing_key())
            .await
            .unwrap();
    }
}

fn no_certificates() -> Reply {
    Reply::Response(CertificatesResponse {
        status: 404,
        headers: Vec::new(),
        body: Bytes::from_static(b"{\"code\":\"RESOURCE_NOT_EXISTS\"}"),
    })
}

#[tokio::test(start_paused = true)]
async fn with_a_public_key_a_404_is_final_and_forged_serials_are_unknown() {
    for rig in rigs() {
        let pinned = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        let alone = rig.cold();
        rig.gateway.says(no_certificates());
        for number in 0..3 {
            let outcome = pinned.fetch(&forged(number)).await;
            assert!(
                matches!(outcome, Err(KeyError::Unknown)),
                "{}: {outcome:?}",
                rig.name
            );
            let stranger = (forged(number), rig.platform.demo_key(DemoKey::Stranger));
            let error = rig.verify(Arc::new(pinned.clone()), &stranger).await.unwrap_err();
            assert_eq!(error.code(), "key_unknown", "{}", rig.name);
            // Without any key nobody can be told apart.
            let outcome = alone.fetch(&forged(number)).await;
            assert!(
                matches!(outcome, Err(KeyError::Unavailable(_))),
                "{}: {outcome:?}",
                rig.name
            );
        }
        let health = pinned.health();
        assert!(
            !health.refresh_failing && health.is_ready(),
            "{}: {health:?}",
            rig.name
        );
        assert_eq!(health.failures, 0, "{}", rig.name);
        assert!(alone.health().refresh_failing, "{}", rig.name);

        // An outage is an outage again, and certificates that come after all are taken.
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Unreachable);
        let outcome = pinned.fetch(&forged(9)).await;
        assert!(
            matches!(outcome, Err(KeyError::Unavailable(_))),
            "{}: {outcome:?}",
            rig.name
        );
        rig.pass(MINUTE).await;
        rig.gateway.says(Reply::Response(rig.response_1()));
        assert!(pinned.fetch(&id_1()).await.is_ok(), "{}", rig.name);
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_public_key_a_404_is_retried_at_the_usual_interval() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(no_certificates());
        let _guard = cache.spawn_refresh();
        tokio::time::sleep(24 * HOUR).await;
        assert!(
            (3..=6).contains(&rig.gateway.calls()),
            "{}: {}",
            rig.name,
            rig.gateway.calls()
        );
    }
}

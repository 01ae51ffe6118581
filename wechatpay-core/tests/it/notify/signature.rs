//! Signatures that do not verify, and keys that cannot be fetched.

use std::{collections::BTreeSet, sync::Arc};

use wechatpay_core::{
    Clock,
    keys::{KeyError, KeyFuture, KeyHealth, KeyStore, PinnedKeys, PlatformKey},
    notify::{Nack, NotificationReceiver},
    testing::{DEMO_MCHID, DemoKey, FakePlatform},
    types::KeyId,
};

use super::{CANARY, NOW, rigs};

#[tokio::test]
async fn every_signature_failure_has_the_same_response() {
    for rig in rigs() {
        let genuine = || rig.genuine();
        let stranger = rig.platform.demo_key(DemoKey::Stranger);
        let public_key: KeyId = FakePlatform::public_key_id().into();
        let certificate = rig.certificate(NOW - 301);
        let expired_key = rig.platform.demo_key(DemoKey::Platform1);
        let receiver = NotificationReceiver::builder(
            DEMO_MCHID.parse().unwrap(),
            rig.platform.api_v3_key().clone(),
            Arc::new(PinnedKeys::new([rig.platform.pinned_public_key(), certificate])),
        )
        .provider(Arc::clone(rig.platform.provider()))
        .clock(Clock::fixed(NOW))
        .build()
        .unwrap();
        let cases = [
            ("header_missing", genuine().without_header("Wechatpay-Nonce")),
            ("header_missing", genuine().without_header("Wechatpay-Signature")),
            (
                "header_duplicate",
                genuine().and_header("Wechatpay-Serial", CANARY),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Timestamp", CANARY),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Nonce", format!("{CANARY}\n")),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Serial", format!("{CANARY}!")),
            ),
            (
                "header_malformed",
                genuine().with_header("Wechatpay-Signature", format!("{CANARY}!")),
            ),
            (
                "algorithm_unsupported",
                genuine().with_header("Wechatpay-Signature-Type", CANARY),
            ),
            ("too_old", rig.builder().signed_at(NOW - 301).build()),
            ("too_new", rig.builder().signed_at(NOW + 301).build()),
            (
                "probe",
                genuine().with_header("Wechatpay-Signature", format!("WECHATPAY/SIGNTEST/{CANARY}")),
            ),
            ("key_unknown", genuine().with_header("Wechatpay-Serial", "ABCDEF")),
            (
                "key_unknown",
                genuine().with_header("Wechatpay-Serial", "PUB_KEY_ID_0000"),
            ),
            (
                "key_expired",
                rig.builder()
                    .signed_by("ABCD".parse().unwrap(), expired_key)
                    .build(),
            ),
            (
                "signature_invalid",
                rig.builder().signed_by(public_key, stranger).build(),
            ),
            (
                "signature_invalid",
                genuine().with_body(genuine().body.to_ascii_uppercase()),
            ),
            ("signature_invalid", genuine().with_body("")),
        ];
        let mut responses = BTreeSet::new();
        for (code, delivery) in cases {
            let error = rig.rejection_of(&receiver, code, &delivery).await;
            assert_eq!(error.code(), code, "{}", rig.name);
            let rejection = Nack::from(&error);
            responses.insert((
                rejection.status().as_u16(),
                rejection.content_type(),
                rejection.body(),
            ));
        }
        assert_eq!(responses.len(), 1, "{}: {responses:?}", rig.name);
        assert_eq!(responses.first().unwrap().0, 401, "{}", rig.name);
    }
}

/// Store that cannot be reached.
#[derive(Debug)]
struct Unreachable(Option<Arc<PlatformKey>>);

impl KeyStore for Unreachable {
    fn get(&self, _id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.0.clone()
    }

    fn fetch(&self, _id: &KeyId) -> KeyFuture {
        KeyFuture::new(async { Err(KeyError::StillRefreshing) })
    }

    fn announced(&self) -> Option<KeyId> {
        None
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        None
    }

    fn is_refresh_failing(&self) -> bool {
        true
    }

    fn health(&self) -> KeyHealth {
        KeyHealth::default()
    }
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_are_503_and_retryable() {
    for rig in rigs() {
        let expired = Some(Arc::new(rig.certificate(NOW - 301)));
        for (store, code) in [
            (Unreachable(None), "key_unavailable"),
            (Unreachable(expired), "key_expired"),
        ] {
            let receiver = NotificationReceiver::builder(
                DEMO_MCHID.parse().unwrap(),
                rig.platform.api_v3_key().clone(),
                Arc::new(store),
            )
            .provider(Arc::clone(rig.platform.provider()))
            .clock(Clock::fixed(NOW))
            .build()
            .unwrap();
            let error = rig.rejection_of(&receiver, code, &rig.genuine()).await;
            assert_eq!(
                (error.status().as_u16(), error.code()),
                (503, code),
                "{}",
                rig.name
            );
            assert!(error.is_retryable(), "{}", rig.name);
        }
    }
}

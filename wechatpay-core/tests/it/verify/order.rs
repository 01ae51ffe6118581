//! Order of the checks: probes, form and window before the key.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use wechatpay_core::{
    Clock,
    keys::{KeyError, KeyFuture, KeyHealth, KeyStore, PlatformKey},
    types::KeyId,
    verify::{Verifier, VerifyError},
};

use super::{BODY, NOW, rigs, verify_with};

#[tokio::test]
async fn a_probe_is_its_own_kind_after_form_and_window() {
    for rig in rigs() {
        let probe = "WECHATPAY/SIGNTEST/ZmFrZQ==";
        let headers = rig.headers().with("Wechatpay-Signature", probe);
        let error = rig.refusal(&headers).await;
        assert!(matches!(error, VerifyError::Probe), "{}", rig.name);
        assert!(!error.is_retryable(), "{}", rig.name);

        // No base64 either: the prefix alone decides.
        let broken = rig
            .headers()
            .with("Wechatpay-Signature", "WECHATPAY/SIGNTEST/!!!");
        assert_eq!(rig.refusal(&broken).await.code(), "probe", "{}", rig.name);

        let stale = headers.with("Wechatpay-Timestamp", (NOW - 301).to_string());
        assert_eq!(rig.refusal(&stale).await.code(), "too_old", "{}", rig.name);
        let bare = headers.without("Wechatpay-Nonce");
        assert_eq!(rig.refusal(&bare).await.code(), "header_missing", "{}", rig.name);
        let unknown = headers.with("Wechatpay-Serial", "ABCDEF");
        assert_eq!(rig.refusal(&unknown).await.code(), "probe", "{}", rig.name);
        let lower = rig.headers().with("Wechatpay-Signature", probe.to_lowercase());
        assert_ne!(rig.refusal(&lower).await.code(), "probe", "{}", rig.name);
    }
}

/// Store that counts its requests.
#[derive(Debug, Default)]
struct CountingStore {
    gets: AtomicUsize,
    fetches: AtomicUsize,
    refresh_failing: bool,
    known: Option<Arc<PlatformKey>>,
}

impl KeyStore for CountingStore {
    fn get(&self, id: &KeyId) -> Option<Arc<PlatformKey>> {
        self.gets.fetch_add(1, Ordering::Relaxed);
        self.known.clone().filter(|key| key.id() == id)
    }

    fn fetch(&self, _id: &KeyId) -> KeyFuture {
        self.fetches.fetch_add(1, Ordering::Relaxed);
        KeyFuture::ready(Err(KeyError::StillRefreshing))
    }

    fn announced(&self) -> Option<KeyId> {
        None
    }

    fn encryption_key(&self) -> Option<Arc<PlatformKey>> {
        None
    }

    fn is_refresh_failing(&self) -> bool {
        self.refresh_failing
    }

    fn health(&self) -> KeyHealth {
        KeyHealth::default()
    }
}

#[tokio::test]
async fn the_store_is_asked_only_after_form_window_and_probe_were_checked() {
    for rig in rigs() {
        let store = Arc::new(CountingStore::default());
        let verifier = Verifier::new(Arc::clone(&store) as _).clock(Clock::fixed(NOW));
        let genuine = rig.headers();
        for refused in [
            genuine.without("Wechatpay-Nonce"),
            genuine.clone().and("Wechatpay-Serial", "AB"),
            genuine.with("Wechatpay-Serial", "no serial"),
            genuine.with("Wechatpay-Signature-Type", "none"),
            genuine.with("Wechatpay-Timestamp", (NOW - 301).to_string()),
            genuine.with("Wechatpay-Timestamp", (NOW + 301).to_string()),
            genuine.with("Wechatpay-Signature", "WECHATPAY/SIGNTEST/x"),
        ] {
            assert!(
                verify_with(&verifier, &refused, BODY).await.is_err(),
                "{}",
                rig.name
            );
        }
        assert_eq!(store.gets.load(Ordering::Relaxed), 0, "{}", rig.name);
        assert_eq!(store.fetches.load(Ordering::Relaxed), 0, "{}", rig.name);

        let error = verify_with(&verifier, &genuine, BODY).await.unwrap_err();
        assert_eq!(error.code(), "key_unavailable", "{}", rig.name);
        assert!(error.is_retryable(), "{}", rig.name);
        assert_eq!(store.gets.load(Ordering::Relaxed), 1, "{}", rig.name);
        assert_eq!(store.fetches.load(Ordering::Relaxed), 1, "{}", rig.name);
    }
}

#[tokio::test]
async fn a_key_that_expired_while_the_refresh_fails_may_be_tried_again() {
    for rig in rigs() {
        let store = CountingStore {
            refresh_failing: true,
            known: Some(Arc::new(rig.certificate(|spec| spec.not_after = NOW - 301))),
            ..CountingStore::default()
        };
        let verifier = Verifier::new(Arc::new(store)).clock(Clock::fixed(NOW));
        let headers = rig.headers().with("Wechatpay-Serial", "ABCDE0F");
        let error = verify_with(&verifier, &headers, BODY).await.unwrap_err();
        assert_eq!(error.code(), "key_expired", "{}", rig.name);
        assert!(error.is_retryable(), "{}", rig.name);
    }
}

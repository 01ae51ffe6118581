//! Choice of the key for `Wechatpay-Serial` and for encryption.

use std::sync::atomic::Ordering;

use wechatpay_core::{
    Clock,
    keys::{KeyStore, PinnedKeys, PlatformKey},
    testing::{DemoKey, FakePlatform},
    types::KeyId,
};

use super::{DAY, NOW, Reply, SERIAL_2, clock, id_1, rigs};

#[tokio::test]
async fn the_public_key_is_preferred_then_the_certificate_that_became_valid_last() {
    for rig in rigs() {
        let mut newer = rig.spec(DemoKey::Platform2, &SERIAL_2);
        newer.not_before = NOW - DAY;
        newer.not_after = NOW + DAY;
        let newer = rig.platform.issue(&newer);
        let mut future = rig.spec(DemoKey::Stranger, &[0x4D, 4]);
        future.not_before = NOW + DAY;
        let future = rig.platform.issue(&future);
        let key = |pem: &str| rig.platform.platform_key(pem);
        let chosen = |keys: &PinnedKeys| {
            let encryption = keys.encryption_key().map(|key| key.id().clone());
            assert_eq!(keys.announced(), encryption, "{}", rig.name);
            encryption.map(|id| id.to_string())
        };
        let at = |time| move |keys: PinnedKeys| keys.clock(Clock::fixed(time));

        let certificates = || [key(&newer), key(&rig.certificate_1()), key(&future)];
        let keys = at(NOW)(PinnedKeys::new(certificates()));
        assert_eq!(chosen(&keys).as_deref(), Some("2B020202"), "{}", rig.name);
        let keys = at(NOW + DAY + 1)(PinnedKeys::new(certificates()));
        assert_eq!(chosen(&keys).as_deref(), Some("4D04"), "{}", rig.name);
        let with_public = certificates()
            .into_iter()
            .chain([rig.platform.pinned_public_key()]);
        let keys = at(NOW)(PinnedKeys::new(with_public));
        let public_key = FakePlatform::public_key_id();
        assert_eq!(
            chosen(&keys).as_deref(),
            Some(public_key.as_str()),
            "{}",
            rig.name
        );
        let none = PinnedKeys::new(Vec::<PlatformKey>::new());
        assert_eq!(chosen(&none), None, "{}", rig.name);
        assert!(!none.health().is_ready(), "{}", rig.name);
    }
}

#[tokio::test]
async fn the_announced_key_also_encrypts_while_it_is_valid() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .announce(id_1())
            .build()
            .unwrap();
        // Not downloaded yet: announcing it makes the platform sign with it, and encrypting needs a key that is there.
        assert_eq!(cache.announced(), Some(id_1()), "{}", rig.name);
        let public_key: KeyId = FakePlatform::public_key_id().into();
        assert_eq!(cache.encryption_key().unwrap().id(), &public_key, "{}", rig.name);

        rig.gateway.says(Reply::Response(rig.response_both()));
        cache.refresh().await.unwrap();
        assert_eq!(cache.announced(), Some(id_1()), "{}", rig.name);
        assert_eq!(cache.encryption_key().unwrap().id(), &id_1(), "{}", rig.name);

        // Expired: neither announced nor encrypted with.
        rig.time.store(NOW + 4 * 365 * DAY, Ordering::Relaxed);
        assert_eq!(cache.announced(), Some(public_key.clone()), "{}", rig.name);
        assert_eq!(cache.encryption_key().unwrap().id(), &public_key, "{}", rig.name);

        let keys = [
            rig.platform.pinned_public_key(),
            rig.platform.platform_key(&rig.certificate_1()),
        ];
        let pinned = PinnedKeys::new(keys).clock(clock(&rig.time)).announce(id_1());
        assert_eq!(pinned.announced(), Some(id_1()), "{}", rig.name);
        assert_eq!(pinned.encryption_key().unwrap().id(), &id_1(), "{}", rig.name);
    }
}

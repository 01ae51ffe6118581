//! Methods that every public service of the crate has.

use std::{sync::Arc, time::Duration};

use tower::Layer;
use wechatpay_core::{idempotency::MemoryStore, testing::FakePlatform, verify::Verifier};
use wechatpay_tower::{
    failover::Failover, idempotency::Idempotency, notify::Notify, sign::Sign, verify::VerifyResponse,
};

/// Checks `new`, the layer and the three accessors of one service.
macro_rules! check {
    ($made:expr, $layer:expr) => {{
        let mut made = $made;
        assert_eq!(made.get_ref(), &7);
        *made.get_mut() += 1;
        assert_eq!(made.clone().into_inner(), 8);
        assert_eq!($layer.layer(8).into_inner(), made.into_inner());
    }};
}

#[test]
fn each_service_wraps_an_inner_one_has_a_layer_and_gives_the_inner_one_back() {
    let platform = FakePlatform::new();
    let store = Arc::new(MemoryStore::new());
    let verifier = Verifier::new(platform.key_store());
    check!(
        Sign::new(7, platform.request_signer()),
        Sign::layer(platform.request_signer())
    );
    check!(
        VerifyResponse::new(7, verifier.clone()),
        VerifyResponse::layer(verifier.clone())
    );
    check!(
        Notify::new(7, platform.receiver()),
        Notify::layer(platform.receiver())
    );
    check!(
        Idempotency::new(7, Arc::clone(&store) as _),
        Idempotency::layer(Arc::clone(&store) as _)
    );
    let (main, backups, stay) = (
        "https://a.example",
        ["https://b.example"],
        Duration::from_secs(60),
    );
    check!(
        Failover::new(7, main, backups, stay).unwrap(),
        Failover::layer(main, backups, stay).unwrap()
    );
    assert!(Failover::new(7, "https://a.example/with/a/path", backups, stay).is_err());
}

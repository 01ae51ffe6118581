//! Observer of downloads whose signature does not match.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use wechatpay_core::{
    testing::DemoKey,
    verify::{InvalidSignature, Observer},
};

use super::{Reply, id_1, rigs};

/// Counts messages whose signature does not match.
#[derive(Debug, Default)]
struct Invalid(AtomicUsize);

impl Observer for Invalid {
    fn signature_invalid(&self, _: &InvalidSignature<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test]
async fn a_download_whose_signature_does_not_match_is_observed() {
    for rig in rigs() {
        let invalid = Arc::new(Invalid::default());
        let cache = rig
            .builder()
            .observer(Arc::<Invalid>::clone(&invalid))
            .build()
            .unwrap();
        let stranger = (id_1(), rig.platform.demo_key(DemoKey::Stranger));
        let forged = rig
            .platform
            .certificates_response(&[rig.certificate_1()], stranger);
        for (response, expected) in [(rig.response_1(), 0), (forged, 1)] {
            rig.gateway.says(Reply::Response(response));
            assert_eq!(cache.refresh().await.is_err(), expected == 1, "{}", rig.name);
            assert_eq!(invalid.0.load(Ordering::Relaxed), expected, "{}", rig.name);
        }
    }
}

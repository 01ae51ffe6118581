//! Certificates that are saved over a restart.

use std::sync::Arc;

use wechatpay_core::{
    ConfigError,
    crypto::KeyLoadError,
    keys::RejectedCertificate,
    testing::{CertificateSpec, DemoKey, private_key_pem, public_key_pem},
};

use super::{NOW, Reply, SERIAL_1, elliptic_key_info, ids, rigs};

#[tokio::test]
async fn saved_certificates_are_the_keys_of_the_next_start() {
    for rig in rigs() {
        let cache = rig
            .builder()
            .pin(rig.platform.pinned_public_key())
            .build()
            .unwrap();
        rig.gateway.says(Reply::Response(rig.response_both()));
        cache.refresh().await.unwrap();
        let pem = cache.to_pem();
        assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 2, "{}", rig.name);

        let next = rig.builder().saved_certificates(&pem).build().unwrap();
        assert_eq!(ids(&next), ["1A010101", "2B020202"], "{}", rig.name);
        assert_eq!(next.to_pem(), pem, "{}", rig.name);
        for signer in [rig.signer_1(), rig.signer_2()] {
            rig.verify(Arc::new(next.clone()), &signer).await.unwrap();
        }
        assert_eq!(rig.gateway.calls(), 1, "{}", rig.name);
    }
}

#[tokio::test]
async fn saved_certificates_are_checked_like_downloaded_ones() {
    for rig in rigs() {
        let root = || public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        let issue = |change: fn(&mut CertificateSpec)| {
            let mut spec = rig.spec(DemoKey::Platform1, &SERIAL_1);
            change(&mut spec);
            rig.platform.issue(&spec)
        };
        let foreign = rig
            .spec(DemoKey::Platform1, &SERIAL_1)
            .issue_pem(rig.platform.demo_key(DemoKey::Stranger).as_ref())
            .unwrap();
        let twin = rig.platform.issue(&rig.spec(DemoKey::Platform2, &SERIAL_1));
        type Expected = fn(&ConfigError) -> bool;
        let cases: [(&str, String, Expected); 6] = [
            ("a CA", issue(|spec| spec.is_ca = true), |why| {
                matches!(why, ConfigError::SavedCertificate(RejectedCertificate::IsCa))
            }),
            ("another issuer", foreign, |why| {
                matches!(
                    why,
                    ConfigError::SavedCertificate(RejectedCertificate::OtherIssuer)
                )
            }),
            (
                "one serial, two keys",
                format!("{}{twin}", rig.certificate_1()),
                |why| {
                    matches!(
                        why,
                        ConfigError::SavedCertificate(RejectedCertificate::SerialReused)
                    )
                },
            ),
            (
                "an elliptic curve",
                issue(|spec| spec.public_key_info = elliptic_key_info()),
                |why| matches!(why, ConfigError::Key(KeyLoadError::NotRsa)),
            ),
            (
                "a private key",
                private_key_pem(DemoKey::Stranger.pkcs8()),
                |why| matches!(why, ConfigError::Key(KeyLoadError::WrongKind { .. })),
            ),
            ("half a text", rig.certificate_1()[..300].to_owned(), |why| {
                matches!(why, ConfigError::Key(KeyLoadError::DamagedPem(_)))
            }),
        ];
        for (case, pem, expected) in cases {
            let error = rig
                .builder()
                .root(root())
                .saved_certificates(pem)
                .build()
                .unwrap_err();
            assert!(expected(&error), "{}: {case} gave {error:?}", rig.name);
        }
        // Time has passed, or the clock was set back: no reason not to start.
        for out_of_time in [
            issue(|spec| spec.not_after = NOW - 301),
            issue(|spec| spec.not_before = NOW + 301),
        ] {
            let mixed = format!("{out_of_time}{}", rig.certificate_2());
            let cache = rig
                .builder()
                .root(root())
                .saved_certificates(mixed)
                .build()
                .unwrap();
            assert_eq!(ids(&cache), ["2B020202"], "{}", rig.name);
        }
        let empty = rig.builder().saved_certificates("").build().unwrap();
        assert!(empty.snapshot().is_empty(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_saved_certificate_does_not_replace_a_pinned_one() {
    for rig in rigs() {
        let pinned = rig.platform.platform_key(&rig.certificate_1());
        let twin = rig.platform.issue(&rig.spec(DemoKey::Platform2, &SERIAL_1));
        let error = rig
            .builder()
            .pin(pinned)
            .saved_certificates(twin)
            .build()
            .unwrap_err();
        assert!(
            matches!(
                error,
                ConfigError::SavedCertificate(RejectedCertificate::SerialReused)
            ),
            "{}: {error:?}",
            rig.name
        );
    }
}

#[tokio::test]
async fn a_root_may_be_given_as_certificate_or_public_key_and_must_be_one() {
    for rig in rigs() {
        let mut spec = rig.spec(DemoKey::Root, &[9, 9]);
        spec.is_ca = true;
        let certificate = rig.platform.issue(&spec);
        let key = public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        for root in [certificate, key] {
            let cache = rig.builder().root(root).build().unwrap();
            rig.gateway.says(Reply::Response(rig.response_1()));
            cache.refresh().await.unwrap();
        }
        for bad in [String::new(), private_key_pem(DemoKey::Root.pkcs8())] {
            assert!(rig.builder().root(bad).build().is_err(), "{}", rig.name);
        }
    }
}

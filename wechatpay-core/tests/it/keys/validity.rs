//! Certificates outside their validity, left out with one warning.

use std::sync::Arc;

use serde_json::Value;
use wechatpay_core::{
    keys::{KeyStore, RefreshError, RejectedCertificate},
    testing::{CertificateSpec, DemoKey, public_key_pem},
};

use super::{DAY, NOW, Reply, Rig, SERIAL_1, SERIAL_2, id, id_1, ids, modulus, rigs, rsa_key_info};
use crate::support::log::Log;

#[tokio::test]
async fn five_minutes_are_allowed_at_both_ends_and_a_certificate_may_be_listed_twice() {
    for rig in rigs() {
        for change in [
            (|spec| spec.not_before = NOW + 300) as fn(&mut CertificateSpec),
            |spec| spec.not_after = NOW - 300,
        ] {
            let other = rig.changed(change);
            let one = rig.platform.certificate_entry(&rig.certificate_1());
            let entries = vec![one.clone(), other, one];
            let response = rig.platform.certificates_response_of(entries, rig.signer_1());
            let cache = rig.cold();
            rig.gateway.says(Reply::Response(response));
            cache.refresh().await.unwrap();
            assert_eq!(cache.snapshot().len(), 2, "{}", rig.name);
            // Both verify, and neither is preferred to the one that needs no tolerance.
            let signer = (id("3C030303"), rig.platform.demo_key(DemoKey::Platform2));
            rig.verify(Arc::new(cache.clone()), &signer).await.unwrap();
            assert_eq!(cache.announced(), Some(id_1()), "{}", rig.name);
            assert_eq!(cache.encryption_key().unwrap().id(), &id_1(), "{}", rig.name);
        }
    }
}

/// Returns certificates outside their validity, each with its name and reason.
fn out_of_time(rig: &Rig) -> Vec<(&'static str, Value, RejectedCertificate)> {
    vec![
        (
            "ended 301 s ago",
            rig.changed(|spec| spec.not_after = NOW - 301),
            RejectedCertificate::Expired,
        ),
        (
            "ended years ago",
            rig.changed(|spec| (spec.not_before, spec.not_after) = (NOW - 2000 * DAY, NOW - 1000 * DAY)),
            RejectedCertificate::Expired,
        ),
        (
            "begins in 301 s",
            rig.changed(|spec| spec.not_before = NOW + 301),
            RejectedCertificate::NotYetValid,
        ),
        (
            "begins tomorrow",
            rig.changed(|spec| spec.not_before = NOW + DAY),
            RejectedCertificate::NotYetValid,
        ),
    ]
}

#[tokio::test]
async fn a_certificate_outside_its_validity_is_left_out_and_the_others_are_accepted() {
    for rig in rigs() {
        let root = || public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        for (case, entry, _) in out_of_time(&rig) {
            let (one, two) = (rig.certificate_1(), rig.certificate_2());
            let entries = |rig: &Rig| {
                [&one, &two]
                    .map(|pem| rig.platform.certificate_entry(pem))
                    .to_vec()
            };
            for at in 0..3 {
                let mut list = entries(&rig);
                list.insert(at, entry.clone());
                let response = rig.platform.certificates_response_of(list, rig.signer_2());

                // The first start, with the list's only other certificates, and a process that runs.
                let cold = rig.builder().root(root()).build().unwrap();
                let warm = rig.builder().root(root()).build().unwrap();
                rig.gateway.says(Reply::Response(rig.response_1()));
                warm.refresh().await.unwrap();
                rig.gateway.says(Reply::Response(response));
                for cache in [cold, warm] {
                    let outcome = cache.refresh().await;
                    assert!(outcome.is_ok(), "{}: {case}: {outcome:?}", rig.name);
                    assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}: {case}", rig.name);
                    assert!(!cache.health().refresh_failing, "{}: {case}", rig.name);
                    for signer in [rig.signer_1(), rig.signer_2()] {
                        rig.verify(Arc::new(cache.clone()), &signer).await.unwrap();
                    }
                    // What was left out verifies nothing.
                    let signer = (id("3C030303"), rig.platform.demo_key(DemoKey::Platform2));
                    let error = rig.verify(Arc::new(cache), &signer).await.unwrap_err();
                    assert_eq!(error.code(), "key_unknown", "{}: {case}", rig.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_left_out_certificate_is_logged_once() {
    for rig in rigs() {
        let log = Log::listen();
        let (_, early, _) = out_of_time(&rig).remove(2);
        let late = rig.entry("4D040404", &{
            let mut spec = rig.spec(DemoKey::Platform2, &[0x4D, 4, 4, 4]);
            spec.not_after = NOW - DAY;
            rig.platform.issue(&spec)
        });
        let one = rig.platform.certificate_entry(&rig.certificate_1());
        let cache = rig.cold();
        for (entries, expected) in [
            (vec![&one, &early], vec!["3C030303"]),
            (vec![&one, &early], vec![]),
            (vec![&late, &one, &early], vec!["4D040404"]),
            (vec![&one], vec![]),
        ] {
            let entries = entries.into_iter().cloned().collect();
            let response = rig.platform.certificates_response_of(entries, rig.signer_1());
            rig.gateway.says(Reply::Response(response));
            cache.refresh().await.unwrap();
            let lines = log.take();
            assert_eq!(lines.len(), expected.len(), "{}: {lines:?}", rig.name);
            for (line, serial) in lines.iter().zip(expected) {
                assert!(
                    line.starts_with("WARN") && line.contains(serial),
                    "{}: {line}",
                    rig.name
                );
            }
        }
    }
}

#[tokio::test]
async fn a_list_without_a_valid_certificate_is_rejected_and_the_old_set_stays() {
    for rig in rigs() {
        for (case, entry, expected) in out_of_time(&rig) {
            let warm = rig.warm().await;
            let signer = (id("3C030303"), rig.platform.demo_key(DemoKey::Platform2));
            for signer in [rig.signer_1(), signer] {
                let response = rig
                    .platform
                    .certificates_response_of(vec![entry.clone(); 2], signer);
                rig.gateway.says(Reply::Response(response));
                for (cache, keys) in [(rig.cold(), 0), (warm.clone(), 1)] {
                    match &*cache.refresh().await.unwrap_err() {
                        RefreshError::Rejected { serial, source } => {
                            assert_eq!(
                                (serial.as_str(), source),
                                ("3C030303", &expected),
                                "{}: {case}",
                                rig.name
                            );
                        }
                        other => panic!("{}: {case} gave {other:?}", rig.name),
                    }
                    assert_eq!(cache.snapshot().len(), keys, "{}: {case}", rig.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_certificate_outside_its_validity_is_checked_for_other_defects() {
    use RejectedCertificate as Rejected;
    for rig in rigs() {
        let late: fn(&mut CertificateSpec) = |spec| spec.not_after = NOW - DAY;
        let issued = |key: DemoKey, serial: &[u8]| {
            let mut spec = rig.spec(key, serial);
            late(&mut spec);
            rig.platform.issue(&spec)
        };
        let foreign = {
            let mut spec = rig.spec(DemoKey::Platform2, &[0x3C, 3, 3, 3]);
            late(&mut spec);
            spec.issue_pem(rig.platform.demo_key(DemoKey::Stranger).as_ref())
                .unwrap()
        };
        type Expected = fn(&Rejected) -> bool;
        let cases: [(&str, Value, Expected); 6] = [
            (
                "another serial",
                rig.entry("3C030304", &issued(DemoKey::Platform2, &[0x3C, 3, 3, 3])),
                |why| *why == Rejected::SerialMismatch,
            ),
            (
                "a CA",
                rig.changed(|spec| {
                    spec.is_ca = true;
                    spec.not_after = NOW - DAY;
                }),
                |why| *why == Rejected::IsCa,
            ),
            (
                "a weak key",
                rig.changed(|spec| {
                    spec.public_key_info = rsa_key_info(&modulus(1024), &[1, 0, 1]);
                    spec.not_after = NOW - DAY;
                }),
                |why| matches!(why, Rejected::Key(_)),
            ),
            (
                "the serial of a known certificate",
                rig.entry("1A010101", &issued(DemoKey::Platform2, &SERIAL_1)),
                |why| *why == Rejected::SerialReused,
            ),
            (
                "the serial of a certificate beside it",
                rig.entry("2B020202", &issued(DemoKey::Stranger, &SERIAL_2)),
                |why| *why == Rejected::SerialReused,
            ),
            ("another issuer", rig.entry("3C030303", &foreign), |why| {
                *why == Rejected::OtherIssuer
            }),
        ];
        let root = public_key_pem(rig.platform.demo_key(DemoKey::Root).public_key_info());
        let cache = rig.builder().root(root).build().unwrap();
        rig.gateway.says(Reply::Response(rig.response_1()));
        cache.refresh().await.unwrap();
        for (case, entry, expected) in cases {
            let entries = vec![rig.platform.certificate_entry(&rig.certificate_2()), entry];
            let response = rig.platform.certificates_response_of(entries, rig.signer_1());
            rig.gateway.says(Reply::Response(response));
            match &*cache.refresh().await.unwrap_err() {
                RefreshError::Rejected { source, .. } => {
                    assert!(expected(source), "{}: {case} gave {source:?}", rig.name);
                }
                other => panic!("{}: {case} gave {other:?}", rig.name),
            }
            assert_eq!(ids(&cache), ["1A010101"], "{}: {case}", rig.name);
        }
    }
}

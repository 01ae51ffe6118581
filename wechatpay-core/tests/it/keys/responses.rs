//! Invalid lists: the current keys stay.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::time::Instant;
use wechatpay_core::keys::{CertificatesResponse, KeyStore, RefreshError, RejectedCertificate};

use super::{DAY, NOW, Reply, id_1, ids, rigs};

#[tokio::test]
async fn unused_members_of_the_list_are_ignored() {
    for rig in rigs() {
        let sound = rig.platform.certificate_entry(&rig.certificate_1());
        let changed = |change: fn(&mut serde_json::Map<String, Value>)| {
            let mut entry = sound.clone();
            change(entry.as_object_mut().unwrap());
            entry
        };
        let cases = [
            (
                "no dates",
                changed(|entry| {
                    entry.remove("effective_time");
                    entry.remove("expire_time");
                }),
            ),
            (
                "names with a blank",
                changed(|entry| {
                    let date = entry.remove("effective_time").unwrap();
                    entry.insert("effective_time ".into(), date);
                    let date = entry.remove("expire_time").unwrap();
                    entry.insert(" expire_time".into(), date);
                }),
            ),
            (
                "dates of another form",
                changed(|entry| {
                    entry.insert("effective_time".into(), json!("20200101000000"));
                    entry.insert("expire_time".into(), json!(1_700_000_000));
                }),
            ),
            (
                "no dates but null",
                changed(|entry| {
                    entry.insert("effective_time".into(), Value::Null);
                    entry.insert("expire_time".into(), json!({ "at": [] }));
                }),
            ),
            // The certificate itself says until when it is valid.
            (
                "an end that has passed",
                changed(|entry| {
                    entry.insert("expire_time".into(), json!("2020-01-01T00:00:00+08:00"));
                }),
            ),
            (
                "a beginning that is to come",
                changed(|entry| {
                    entry.insert("effective_time".into(), json!("2099-01-01T00:00:00+08:00"));
                }),
            ),
            (
                "members that nobody knows",
                changed(|entry| {
                    entry.insert("status".into(), json!({ "a": [1, null] }));
                }),
            ),
        ];
        for (case, entry) in cases {
            let cache = rig.cold();
            let response = rig.platform.certificates_response_of(vec![entry], rig.signer_1());
            rig.gateway.says(Reply::Response(response));
            let outcome = cache.refresh().await;
            assert!(outcome.is_ok(), "{}: {case}: {outcome:?}", rig.name);
            let expiry = cache.get(&id_1()).unwrap().expires_at();
            assert_eq!(expiry, Some(NOW + 3 * 365 * DAY), "{}: {case}", rig.name);
        }
    }
}

#[tokio::test]
async fn the_serial_in_an_error_is_valid_or_a_question_mark() {
    for rig in rigs() {
        let cache = rig.cold();
        for (serial, shown) in [("00abcdef", "00ABCDEF"), ("CANARY\nCANARY", "?"), ("", "?")] {
            let entries = vec![rig.entry(serial, &rig.certificate_1())];
            let response = rig.platform.certificates_response_of(entries, rig.signer_1());
            rig.gateway.says(Reply::Response(response));
            let error = cache.refresh().await.unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("platform certificate {shown} was rejected"),
                "{}",
                rig.name
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_broken_response_removes_keys_and_the_next_good_one_is_accepted() {
    for rig in rigs() {
        let cache = rig.warm().await;
        let saved = cache.to_pem();
        let status = |status| {
            Reply::Response(CertificatesResponse {
                status,
                ..rig.response_1()
            })
        };
        let body = |text: &str| Reply::Response(rig.response_of_body(text.to_owned()));
        let one = rig.platform.certificate_entry(&rig.certificate_1());
        let many = rig
            .platform
            .certificates_response_of(vec![one; 33], rig.signer_1());
        let html = "<html><body>502 Bad Gateway</body></html>";
        let deep = format!("{{\"data\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let cases: Vec<(&str, Reply, fn(&RefreshError) -> bool)> = vec![
            ("404", status(404), |why| {
                matches!(why, RefreshError::NoCertificates)
            }),
            ("401", status(401), |why| {
                matches!(why, RefreshError::Status { status: 401 })
            }),
            ("204", status(204), |why| {
                matches!(why, RefreshError::Status { status: 204 })
            }),
            ("302", status(302), |why| {
                matches!(why, RefreshError::Status { status: 302 })
            }),
            ("429", status(429), |why| {
                matches!(why, RefreshError::Status { status: 429 })
            }),
            ("500", status(500), |why| {
                matches!(why, RefreshError::Status { status: 500 })
            }),
            ("503", status(503), |why| {
                matches!(why, RefreshError::Status { status: 503 })
            }),
            ("HTML", body(html), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("nothing", body(""), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("an empty object", body("{}"), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("null", body("{\"data\":null}"), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("numbers", body("{\"data\":[1,2]}"), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("a deep one", body(&deep), |why| {
                matches!(why, RefreshError::Malformed(_))
            }),
            ("an empty list", body("{\"data\":[]}"), |why| {
                matches!(why, RefreshError::NoCertificates)
            }),
            ("33 entries", Reply::Response(many), |why| {
                matches!(
                    why,
                    RefreshError::Rejected {
                        source: RejectedCertificate::Count,
                        ..
                    }
                )
            }),
            ("no response", Reply::Unreachable, |why| {
                matches!(why, RefreshError::Transport(_))
            }),
            ("no end", Reply::Hang, |why| {
                matches!(why, RefreshError::Timeout { seconds: 10 })
            }),
        ];
        for (number, (case, reply, expected)) in (1..).zip(cases) {
            rig.gateway.says(reply);
            let started = Instant::now();
            let error = cache.refresh().await.unwrap_err();
            assert!(expected(&error), "{}: {case} gave {error:?}", rig.name);
            assert!(
                started.elapsed() <= Duration::from_millis(10_100),
                "{}: {case}",
                rig.name
            );
            assert_eq!(cache.to_pem(), saved, "{}: {case}", rig.name);
            assert_eq!(cache.health().failures, number, "{}: {case}", rig.name);
            rig.verify(Arc::new(cache.clone()), &rig.signer_1())
                .await
                .unwrap();
        }
        rig.gateway.says(Reply::Response(rig.response_both()));
        cache.refresh().await.unwrap();
        assert_eq!(ids(&cache), ["1A010101", "2B020202"], "{}", rig.name);
        assert!(!cache.health().refresh_failing, "{}", rig.name);
    }
}

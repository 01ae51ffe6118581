//! Counters, alarms and the measured clock skew.

use std::collections::BTreeSet;

use wechatpay_core::{Clock, keys::KeyError, notify::NotificationError, types::KeyId, verify::VerifyError};

use super::{NOW, ORDER, payment, receive, rigs};

#[tokio::test]
async fn a_mismatch_is_counted_although_the_notification_was_genuine() {
    for rig in rigs() {
        let refund = rig.platform.refund(ORDER, "R1", 100);
        let error = payment(&rig.receiver, &refund).await.unwrap_err();
        assert_eq!(
            (error.status().as_u16(), error.code()),
            (400, "type_mismatch"),
            "{}",
            rig.name
        );
        assert_eq!(rig.receiver.counters().get("type_mismatch"), 1, "{}", rig.name);
    }
}

#[test]
fn every_kind_of_rejection_has_a_counter() {
    let id: KeyId = "AB".parse().unwrap();
    let shape = || wechatpay_core::notify::Shape::NotUtf8;
    let header = wechatpay_core::verify::SignatureHeader::Nonce;
    let verify = [
        VerifyError::HeaderMissing(header),
        VerifyError::HeaderDuplicate(header),
        VerifyError::HeaderMalformed {
            header,
            problem: "bent",
        },
        VerifyError::AlgorithmUnsupported,
        VerifyError::TooOld { seconds: 301 },
        VerifyError::TooNew { seconds: 301 },
        VerifyError::Probe,
        VerifyError::KeyUnknown { id: id.clone() },
        VerifyError::KeyUnavailable {
            id: id.clone(),
            source: KeyError::StillRefreshing,
        },
        VerifyError::KeyExpired {
            id: id.clone(),
            refresh_failing: false,
        },
        VerifyError::SignatureInvalid { id },
    ];
    let kind = || "X".to_owned();
    let others = [
        NotificationError::Method,
        NotificationError::MediaType,
        NotificationError::Encoding,
        NotificationError::TooLarge { limit: 1 },
        NotificationError::UnknownMerchant,
        NotificationError::BodyTimeout,
        NotificationError::BodyAborted("reset".into()),
        NotificationError::EnvelopeMalformed(shape()),
        NotificationError::AlgorithmUnsupported,
        NotificationError::DecryptFailed,
        NotificationError::PayloadMalformed(shape()),
        NotificationError::TypeMismatch {
            event_type: kind(),
            takes: "Transaction",
        },
        NotificationError::WrongMerchant { field: "mchid" },
        NotificationError::Unhandled { event_type: kind() },
        NotificationError::NotAcknowledged { status: 200 },
    ];
    for rig in rigs() {
        let counters = rig.receiver.counters();
        let names: Vec<&str> = counters.iter().map(|(name, _)| name).collect();
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), unique.len(), "{}", rig.name);
        let mut seen = BTreeSet::from(["accepted"]);
        for error in &verify {
            // Responses of the API use these names, too.
            assert!(seen.insert(error.code()), "{}", error.code());
        }
        for error in &others {
            assert!(seen.insert(error.code()), "{}", error.code());
            rig.receiver.rejected(error);
            assert_eq!(counters.get(error.code()), 1, "{}", error.code());
        }
        assert_eq!(seen, unique, "{}", rig.name);
        // XML of API v2 is a media type like any other to those who count.
        rig.receiver.rejected(&NotificationError::ApiV2);
        assert_eq!(counters.get("media_type"), 2);
        let total: u64 = counters.iter().map(|(_, count)| count).sum();
        assert_eq!(total, 16);
    }
    for error in verify {
        let code = error.code();
        assert_eq!(NotificationError::from(error).code(), code);
    }
}

#[test]
fn a_message_that_was_verified_and_then_rejected_is_an_alarm() {
    let shape = || wechatpay_core::notify::Shape::NotUtf8;
    let alarms = [
        NotificationError::EnvelopeMalformed(shape()),
        NotificationError::AlgorithmUnsupported,
        NotificationError::DecryptFailed,
        NotificationError::PayloadMalformed(shape()),
        NotificationError::TypeMismatch {
            event_type: "X".into(),
            takes: "Transaction",
        },
        NotificationError::WrongMerchant { field: "mchid" },
        NotificationError::Unhandled {
            event_type: "X".into(),
        },
        NotificationError::NotAcknowledged { status: 200 },
    ];
    for error in alarms {
        assert!(error.is_alarm(), "{error}");
    }
    // Anybody can cause these.
    for error in [
        NotificationError::Method,
        NotificationError::ApiV2,
        NotificationError::UnknownMerchant,
        NotificationError::BodyTimeout,
        NotificationError::from(VerifyError::Probe),
    ] {
        assert!(!error.is_alarm(), "{error}");
    }
}

#[tokio::test]
async fn the_clock_skew_of_a_rejected_message_is_reported() {
    for rig in rigs() {
        let at = |now| {
            rig.platform
                .receiver_builder()
                .clock(Clock::fixed(now))
                .build()
                .unwrap()
        };
        for (skew, code) in [(600, "too_old"), (-3600, "too_new")] {
            let receiver = at(NOW + skew);
            assert_eq!(receiver.verifier().rejected_clock_skew(), None);
            let error = rig.rejection_of(&receiver, code, &rig.genuine()).await;
            assert_eq!(error.code(), code);
            assert_eq!(receiver.verifier().rejected_clock_skew(), Some(skew));
            let seconds = skew.unsigned_abs();
            let side = if skew > 0 { "ahead" } else { "behind" };
            assert!(
                error
                    .to_string()
                    .contains(&format!("seems to be {seconds} s {side}")),
                "{error}"
            );
        }
        // A replay is rejected the same way; the next genuine message takes the suspicion back.
        let old = rig.builder().signed_at(NOW - 400).build();
        assert_eq!(rig.rejection("a replay", &old).await.code(), "too_old");
        assert_eq!(rig.receiver.verifier().rejected_clock_skew(), Some(400));
        receive(&rig.receiver, &rig.genuine()).await.unwrap();
        assert_eq!(rig.receiver.verifier().rejected_clock_skew(), None);
        assert_eq!(rig.receiver.verifier().clock_skew(), 0);
    }
}

//! Lookup of the key that a message names.

use std::sync::Arc;

use wechatpay_core::{
    Clock,
    keys::PinnedKeys,
    testing::{CertificateSpec, DemoKey},
    types::KeyId,
    verify::{Verifier, VerifyError},
};

use super::{BODY, NONCE, NOW, rigs, verify_with};

#[tokio::test]
async fn a_key_that_is_not_in_the_ring_is_unknown() {
    for rig in rigs() {
        for id in [
            "1234567890ABCDEF",
            "PUB_KEY_ID_0119000000012024101500000000000002",
        ] {
            let error = rig.refusal(&rig.headers().with("Wechatpay-Serial", id)).await;
            assert!(
                matches!(&error, VerifyError::KeyUnknown { id: unknown } if unknown.as_str() == id),
                "{}: {error:?}",
                rig.name
            );
            assert!(!error.is_retryable(), "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_certificate_serial_is_known_in_any_case_and_with_leading_zeros() {
    for rig in rigs() {
        let keys = Arc::new(PinnedKeys::new([rig.certificate(|_| {})]));
        let verifier = Verifier::new(keys).clock(Clock::fixed(NOW));
        let key = rig.platform.demo_key(DemoKey::Platform1);
        let id: KeyId = "ABCDE0F".parse().unwrap();
        let headers = rig.sign_as(&id, key.as_ref(), &NOW.to_string(), NONCE, BODY);
        for alias in [
            "ABCDE0F".to_owned(),
            "abcde0f".to_owned(),
            "0ABCDE0F".to_owned(),
            format!("{:0>64}", "aBcDe0F"),
        ] {
            let verified = verify_with(&verifier, &headers.with("Wechatpay-Serial", &alias), BODY)
                .await
                .unwrap();
            assert_eq!(verified.key_id(), &id, "{}: {alias}", rig.name);
        }
        for other in ["ABCDE0F0", "ABCDE", "BCDE0F"] {
            let error = verify_with(&verifier, &headers.with("Wechatpay-Serial", other), BODY).await;
            assert_eq!(error.unwrap_err().code(), "key_unknown", "{}: {other}", rig.name);
        }
    }
}

#[tokio::test]
async fn a_public_key_id_is_compared_byte_for_byte() {
    for rig in rigs() {
        let id = rig.id.as_str();
        for other in [id.replace("_0119", "_119"), id.replace("_0119", "_00119")] {
            let error = rig.refusal(&rig.headers().with("Wechatpay-Serial", &other)).await;
            assert_eq!(error.code(), "key_unknown", "{}: {other}", rig.name);
        }
        // The digits alone are a serial, and serials are another name space.
        let digits = id.replace("PUB_KEY_ID_", "");
        let error = rig
            .refusal(&rig.headers().with("Wechatpay-Serial", &digits))
            .await;
        assert!(
            error.code() == "key_unknown" || error.code() == "header_malformed",
            "{}",
            rig.name
        );
    }
}

#[tokio::test]
async fn a_certificate_verifies_from_a_little_before_its_first_second_to_a_little_after_its_last() {
    type Change = fn(&mut CertificateSpec);
    let cases: [(&str, Change, Result<(), &str>); 4] = [
        (
            "ended within the allowance",
            |spec| spec.not_after = NOW - 300,
            Ok(()),
        ),
        (
            "ended earlier",
            |spec| spec.not_after = NOW - 301,
            Err("key_expired"),
        ),
        (
            "begins within the allowance",
            |spec| spec.not_before = NOW + 300,
            Ok(()),
        ),
        (
            "begins later",
            |spec| spec.not_before = NOW + 301,
            Err("key_expired"),
        ),
    ];
    for rig in rigs() {
        let key = rig.platform.demo_key(DemoKey::Platform1);
        for (case, change, expected) in cases {
            let certificate = rig.certificate(change);
            let headers = rig.sign_as(
                &certificate.id().clone(),
                key.as_ref(),
                &NOW.to_string(),
                NONCE,
                BODY,
            );
            let verifier = Verifier::new(Arc::new(PinnedKeys::new([certificate]))).clock(Clock::fixed(NOW));
            let outcome = verify_with(&verifier, &headers, BODY).await;
            if let Err(error) = &outcome {
                assert!(!error.is_retryable(), "{}: {case}", rig.name);
            }
            let outcome = outcome.map(drop).map_err(|error| error.code());
            assert_eq!(outcome, expected, "{}: {case}", rig.name);
        }
    }
}

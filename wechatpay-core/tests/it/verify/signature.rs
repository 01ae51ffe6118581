//! Genuine messages, and changes to any signed part.

use wechatpay_core::{testing::DemoKey, verify::VerifyError};

use super::{BODY, Headers, NONCE, NOW, rigs};

#[tokio::test]
async fn a_genuine_message_is_verified_and_tells_who_signed_it_and_when() {
    for rig in rigs() {
        let verified = rig.verify(&rig.headers(), BODY).await.unwrap();
        assert_eq!(&verified[..], BODY.as_bytes(), "{}", rig.name);
        assert_eq!(verified.key_id(), &rig.id, "{}", rig.name);
        assert_eq!(verified.signed_at(), NOW, "{}", rig.name);
    }
}

#[tokio::test]
async fn other_headers_and_another_case_of_the_names_do_not_matter() {
    for rig in rigs() {
        let headers = rig.headers();
        let shouted = Headers(
            headers
                .0
                .iter()
                .map(|(name, value)| (name.to_ascii_uppercase(), value.clone()))
                .collect(),
        );
        let crowded = headers
            .and("Request-ID", "08F78BB6B2061-0")
            .and("Wechatpay-Nonces", "x")
            .and("X-Wechatpay-Nonce", "x");
        for headers in [shouted, crowded] {
            assert!(rig.verify(&headers, BODY).await.is_ok(), "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn another_key_than_the_one_named_does_not_verify() {
    for rig in rigs() {
        for key in [
            DemoKey::Stranger,
            DemoKey::Merchant,
            DemoKey::Platform1,
            DemoKey::Root,
        ] {
            let key = rig.platform.demo_key(key);
            let headers = rig.sign_as(&rig.id, key.as_ref(), &NOW.to_string(), NONCE, BODY);
            let error = rig.refusal(&headers).await;
            assert!(
                matches!(&error, VerifyError::SignatureInvalid { id } if *id == rig.id),
                "{}: {error:?}",
                rig.name
            );
        }
    }
}

#[tokio::test]
async fn a_change_of_anything_that_was_signed_is_found() {
    for rig in rigs() {
        let genuine = rig.headers();
        let other_time = genuine.with("Wechatpay-Timestamp", (NOW + 1).to_string());
        let other_nonce = genuine.with("Wechatpay-Nonce", NONCE.to_lowercase());
        let mut bent = genuine.get("Wechatpay-Signature").to_vec();
        bent[10] = if bent[10] == b'A' { b'B' } else { b'A' };
        let other_signature = genuine.with("Wechatpay-Signature", &bent);
        for headers in [&other_time, &other_nonce, &other_signature] {
            assert_eq!(
                rig.refusal(headers).await.code(),
                "signature_invalid",
                "{}",
                rig.name
            );
        }
        let flipped = BODY.replace('1', "2");
        for body in [
            "",
            "{}",
            BODY.trim_end(),
            &flipped,
            &BODY.replace('\n', "\r\n"),
            &format!("{BODY} "),
        ] {
            let error = rig.verify(&genuine, body).await.unwrap_err();
            assert_eq!(error.code(), "signature_invalid", "{}: {body:?}", rig.name);
        }
    }
}

#[tokio::test]
async fn an_empty_body_is_signed_and_verified_like_any_other() {
    for rig in rigs() {
        let headers = rig.sign(&NOW.to_string(), NONCE, "");
        let verified = rig.verify(&headers, "").await.unwrap();
        assert!(verified.is_empty(), "{}", rig.name);
        assert!(verified.json::<()>().is_ok(), "{}", rig.name);
        assert!(rig.verify(&headers, "{}").await.is_err(), "{}", rig.name);
    }
}

#[tokio::test]
async fn an_error_of_a_body_names_the_path_and_not_the_value() {
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Response {
        amount: Amount,
    }
    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Amount {
        total: i64,
    }

    for rig in rigs() {
        let body = "{\"amount\":{\"total\":\"CANARY\"}}";
        let verified = rig
            .verify(&rig.sign(&NOW.to_string(), NONCE, body), body)
            .await
            .unwrap();
        let error = verified.json::<Response>().unwrap_err();
        assert_eq!(error.path(), "amount.total", "{}", rig.name);
        assert!(!format!("{error} {error:?}").contains("CANARY"), "{}", rig.name);
    }
}

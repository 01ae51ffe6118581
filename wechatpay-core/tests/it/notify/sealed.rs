//! The encrypted resource: algorithm, nonce, associated data, ciphertext.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    notify::NotificationReceiver,
    testing::{DEMO_MCHID, Delivery},
    types::ApiV3Key,
};

use super::{CANARY, NOW, rigs};

#[tokio::test]
async fn a_ciphertext_is_canonical_base64_and_longer_than_its_tag() {
    for rig in rigs() {
        let nonce = "0123456789ab";
        let sealed = rig.platform.seal(
            nonce,
            "transaction",
            rig.canary_resource().to_string().into_bytes(),
        );
        let sound = STANDARD.encode(&sealed);
        let sealed_as =
            |ciphertext: String| rig.builder().resource_nonce(nonce).ciphertext(ciphertext).build();
        rig.accept(vec![("as it should be", sealed_as(sound.clone()))])
            .await;
        // A plaintext whose length leaves bits over in base64.
        let one_over = rig.platform.seal(nonce, "transaction", b"{} ".to_vec());
        let with_bits = STANDARD.encode(&one_over);
        let trailing_bits = {
            let stem = with_bits.trim_end_matches('=');
            let last = char::from(stem.as_bytes()[stem.len() - 1] + 1);
            format!(
                "{}{last}{}",
                &stem[..stem.len() - 1],
                "=".repeat(with_bits.len() - stem.len())
            )
        };
        assert!(with_bits.ends_with('='), "the length must leave bits over");
        let mut cases: Vec<(&str, Delivery)> = vec![
            ("empty", sealed_as(String::new())),
            ("with a line end", sealed_as(format!("{sound}\n"))),
            (
                "with a blank",
                sealed_as(format!("{} {}", &sound[..40], &sound[40..])),
            ),
            (
                "in lines of 76",
                sealed_as(format!("{}\r\n{}", &sound[..76], &sound[76..])),
            ),
            ("with the other alphabet", sealed_as(format!("-_{}", &sound[2..]))),
            (
                "without padding",
                sealed_as(with_bits.trim_end_matches('=').to_owned()),
            ),
            ("with bits left over", sealed_as(trailing_bits)),
            ("with too much padding", sealed_as(format!("{sound}===="))),
            ("in hexadecimal with a colon", sealed_as("AB:CD".to_owned())),
            ("text", sealed_as(CANARY.repeat(10) + "!")),
        ];
        // Some ciphers read such a text as a shorter tag over nothing.
        let tag_of_nothing = rig.platform.seal(nonce, "transaction", Vec::new());
        for length in 1..=16 {
            cases.push((
                "a cut tag over nothing",
                sealed_as(STANDARD.encode(&tag_of_nothing[..length])),
            ));
        }
        rig.expect(400, "envelope_malformed", cases).await;
    }
}

#[tokio::test]
async fn a_resource_that_cannot_be_decrypted_is_500_and_an_alarm() {
    for rig in rigs() {
        let nonce = "0123456789ab";
        let sealed = rig.platform.seal(
            nonce,
            "transaction",
            rig.canary_resource().to_string().into_bytes(),
        );
        let bent = |place: usize| {
            let mut bent = sealed.clone();
            bent[place] ^= 1;
            rig.builder()
                .resource_nonce(nonce)
                .ciphertext(STANDARD.encode(bent))
                .build()
        };
        let as_is = rig
            .builder()
            .resource_nonce(nonce)
            .ciphertext(STANDARD.encode(&sealed));
        let cut = STANDARD.encode(&sealed[..sealed.len() - 1]);
        let mut no_tag = sealed.clone();
        let tag_at = no_tag.len() - 16;
        no_tag[tag_at..].fill(0);
        rig.expect(
            500,
            "decrypt_failed",
            vec![
                ("the first bit changed", bent(0)),
                ("the tag changed", bent(sealed.len() - 1)),
                (
                    "a tag of zeros",
                    rig.builder()
                        .resource_nonce(nonce)
                        .ciphertext(STANDARD.encode(no_tag))
                        .build(),
                ),
                (
                    "the last byte missing",
                    rig.builder().resource_nonce(nonce).ciphertext(cut).build(),
                ),
                (
                    "another nonce",
                    as_is.clone().resource_nonce("0123456789ac").build(),
                ),
                (
                    "another associated_data",
                    as_is.clone().associated_data(json!("refund")).build(),
                ),
                ("no associated_data", as_is.associated_data(Value::Null).build()),
            ],
        )
        .await;
        let other_key = NotificationReceiver::builder(
            DEMO_MCHID.parse().unwrap(),
            ApiV3Key::parse("AnotherApiV3KeyAnotherApiV3Key12").unwrap(),
            rig.platform.key_store(),
        )
        .provider(Arc::clone(rig.platform.provider()))
        .clock(Clock::fixed(NOW))
        .build()
        .unwrap();
        let error = rig.rejection_of(&other_key, "another key", &rig.genuine()).await;
        assert_eq!(
            (error.status().as_u16(), error.is_alarm()),
            (500, true),
            "{}",
            rig.name
        );
        assert!(!error.is_retryable(), "{}", rig.name);
    }
}

#[tokio::test]
async fn a_resource_nonce_has_twelve_bytes() {
    for rig in rigs() {
        let sound = STANDARD.encode([7; 40]);
        let nonces = [
            "",
            "0",
            "0123456789a",
            "0123456789abc",
            "0123456789abcdef",
            "零一二三",
            "零一二三四五六七八九十百",
        ];
        for nonce in nonces {
            let delivery = rig.builder().resource_nonce(nonce).ciphertext(&sound).build();
            let error = rig.rejection(nonce, &delivery).await;
            let expected = if nonce.len() == 12 {
                "decrypt_failed"
            } else {
                "envelope_malformed"
            };
            assert_eq!(error.code(), expected, "{}: {nonce:?}", rig.name);
        }
    }
}

#[tokio::test]
async fn associated_data_may_be_missing_null_or_empty_and_must_be_text() {
    for rig in rigs() {
        let nonce = "0123456789ab";
        let plaintext = || rig.canary_resource().to_string().into_bytes();
        let bare = STANDARD.encode(rig.platform.seal(nonce, "", plaintext()));
        let chinese = STANDARD.encode(rig.platform.seal(nonce, "支付", plaintext()));
        let sealed = |ciphertext: &str, associated_data: Value| {
            let builder = rig.builder().resource_nonce(nonce).ciphertext(ciphertext);
            let delivery = builder.clone().associated_data(json!("x")).build();
            let mut envelope: Value = serde_json::from_slice(&delivery.body).unwrap();
            envelope["resource"]["associated_data"] = associated_data;
            builder.body(envelope.to_string()).build()
        };
        rig.accept(vec![
            (
                "missing",
                rig.builder()
                    .resource_nonce(nonce)
                    .ciphertext(&bare)
                    .associated_data(Value::Null)
                    .build(),
            ),
            ("null", sealed(&bare, Value::Null)),
            ("empty", sealed(&bare, json!(""))),
            ("in Chinese", sealed(&chinese, json!("支付"))),
        ])
        .await;
        rig.expect(
            400,
            "envelope_malformed",
            vec![
                ("a number", sealed(&bare, json!(1))),
                ("false", sealed(&bare, json!(false))),
                ("an object", sealed(&bare, json!({}))),
                ("a list", sealed(&bare, json!([]))),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn no_other_algorithm_is_tried() {
    for rig in rigs() {
        let algorithms = [
            "",
            "AEAD_SM4_GCM",
            "aead_aes_256_gcm",
            "AES_256_GCM",
            "AEAD_AES_256_GCM ",
            "none",
        ];
        let cases = algorithms.map(|algorithm| (algorithm, rig.builder().algorithm(algorithm).build()));
        rig.expect(400, "resource_algorithm_unsupported", cases.into())
            .await;
    }
}

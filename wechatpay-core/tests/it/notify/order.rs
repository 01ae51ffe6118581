//! Order of the checks: the first failure decides the response.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use wechatpay_core::{
    notify::{Nack, NotificationError},
    testing::{DEMO_MCHID, Delivery},
};

use super::{NOW, rigs};

#[tokio::test]
async fn of_several_flaws_the_first_in_order_decides_the_response() {
    type Break = fn(Delivery) -> Delivery;
    let breaks: [(&str, Break); 10] = [
        ("method", |delivery| delivery.with_method("GET")),
        ("media_type", |delivery| {
            delivery.with_header("Content-Type", "text/plain")
        }),
        ("encoding", |delivery| {
            delivery.with_header("Content-Encoding", "gzip")
        }),
        ("too_large", |delivery| {
            delivery.with_header("Content-Length", "999999999")
        }),
        ("header_missing", |delivery| {
            delivery.without_header("Wechatpay-Nonce")
        }),
        ("algorithm_unsupported", |delivery| {
            delivery.with_header("Wechatpay-Signature-Type", "none")
        }),
        ("too_old", |delivery| {
            delivery.with_header("Wechatpay-Timestamp", (NOW - 400).to_string())
        }),
        ("probe", |delivery| {
            delivery.with_header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/x")
        }),
        ("key_unknown", |delivery| {
            delivery.with_header("Wechatpay-Serial", "ABCDEF")
        }),
        ("signature_invalid", |delivery| {
            let body = [&delivery.body[..], b" "].concat();
            delivery.with_body(body)
        }),
    ];
    for rig in rigs() {
        // Flaws inside, each of which the ones before it hide.
        let sealed = |associated_data: &str, plaintext: &str| {
            STANDARD.encode(
                rig.platform
                    .seal("0123456789ab", associated_data, plaintext.as_bytes().to_vec()),
            )
        };
        let foreign = rig
            .canary_resource()
            .to_string()
            .replace(DEMO_MCHID, "1900000002");
        let broken = format!("{foreign}}}");
        let builder = |ciphertext: String| {
            rig.builder()
                .resource_nonce("0123456789ab")
                .ciphertext(ciphertext)
        };
        let inner = [
            (
                "envelope_malformed",
                builder(sealed("refund", &broken))
                    .algorithm("none")
                    .envelope("id", json!("")),
            ),
            (
                "resource_algorithm_unsupported",
                builder(sealed("refund", &broken)).algorithm("none"),
            ),
            ("decrypt_failed", builder(sealed("refund", &broken))),
            ("payload_malformed", builder(sealed("transaction", &broken))),
            (
                "wrong_merchant",
                builder(sealed("transaction", &foreign)).event_type("REFUND.SUCCESS"),
            ),
        ];
        for (code, delivery) in inner {
            let error = rig.rejection(code, &delivery.build()).await;
            assert_eq!(error.code(), code, "{}", rig.name);
        }
        let all_inner = builder(sealed("refund", &broken))
            .algorithm("none")
            .envelope("id", json!(""))
            .build();
        for first in 0..breaks.len() {
            let delivery = breaks[first..]
                .iter()
                .fold(all_inner.clone(), |delivery, (_, bend)| bend(delivery));
            let error = rig.rejection(breaks[first].0, &delivery).await;
            assert_eq!(error.code(), breaks[first].0, "{}", rig.name);
        }
    }
}

#[tokio::test]
async fn everything_up_to_the_key_is_decided_before_the_body_is_read() {
    for rig in rigs() {
        let delivery = rig.genuine();
        let pending = rig.receiver.begin("POST", delivery.pairs()).unwrap();
        let ready = pending.ready().await.unwrap();
        assert_eq!(ready.receiver().mchid().as_str(), DEMO_MCHID, "{}", rig.name);
        // Only now does the body come into play.
        assert!(ready.finish(delivery.body.clone()).is_ok(), "{}", rig.name);
        let pending = rig.receiver.begin("POST", delivery.pairs()).unwrap();
        assert!(
            pending.finish(delivery.body.clone()).await.is_ok(),
            "{}",
            rig.name
        );
    }
}

#[test]
fn rejections_of_an_adapter_have_a_response() {
    let io = || Box::from("connection reset");
    let cases: [(NotificationError, u16, &str, bool); 5] = [
        (NotificationError::TooLarge { limit: 1 }, 413, "too_large", false),
        (NotificationError::BodyTimeout, 408, "body_timeout", true),
        (NotificationError::BodyAborted(io()), 400, "body_aborted", true),
        (
            NotificationError::Unhandled {
                event_type: "X".into(),
            },
            500,
            "unhandled",
            false,
        ),
        (
            NotificationError::TypeMismatch {
                event_type: "X".into(),
                takes: "Transaction",
            },
            400,
            "type_mismatch",
            false,
        ),
    ];
    for rig in rigs() {
        for (error, status, code, retryable) in &cases {
            assert_eq!((error.status().as_u16(), error.code()), (*status, *code));
            assert_eq!(error.is_retryable(), *retryable, "{code}");
            rig.receiver.rejected(error);
            assert_eq!(
                rig.receiver.counters().get(code),
                1,
                "{}: {code} is not counted",
                rig.name
            );
        }
        assert_eq!(rig.receiver.counters().get("accepted"), 0, "{}", rig.name);
        assert_eq!(rig.receiver.counters().get("no such kind"), 0, "{}", rig.name);
    }
}

#[test]
fn a_nack_is_never_2xx() {
    for (rejection, status) in [
        (Nack::failed(), 500),
        (Nack::unavailable(), 503),
        (Nack::in_progress(), 409),
        (Nack::mismatch(), 403),
    ] {
        assert_eq!(rejection.status(), status);
        assert!(rejection.body().starts_with("{\"code\":\"FAIL\","));
    }
}

//! Responses and notifications whose body was changed before verification.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use wechatpay_core::testing::DemoKey;
use wechatpay_doctor::{Confidence, Doctor, KeyRole, Limits, SignedResponse, Verdict, VerdictKind};

use crate::kit::{assert_proven, known, sign};

const TIMESTAMP: &str = "1795500000";
const NONCE: &str = "d824f2e086d3c1df967785d13fcd22ef";
/// Body as the platform sends it.
const SENT: &str = concat!(
    r#"{"id":"EV-2018022511223320873","create_time":"2026-11-24T10:34:56+08:00","resource_type":"encrypt-resource","#,
    r#""event_type":"TRANSACTION.SUCCESS","summary":"支付成功","resource":{"original_type":"transaction","#,
    r#""algorithm":"AEAD_AES_256_GCM","ciphertext":"abc+/def=","associated_data":"","nonce":"fdasflkja484"}}"#
);

fn doctor() -> Doctor {
    Doctor::new()
        .key(KeyRole::Expected, known("PUB_KEY_ID_1", DemoKey::PublicKey))
        .key(
            KeyRole::Platform,
            known("platform certificate", DemoKey::Platform1),
        )
        .key(KeyRole::OwnMerchant, known("our own key", DemoKey::Merchant))
}

fn signed(body: &[u8]) -> Vec<u8> {
    [format!("{TIMESTAMP}\n{NONCE}\n").as_bytes(), body, b"\n"].concat()
}

/// Examines `verified`, the body from the framework, against a signature over `sent`.
fn examine(sent: &[u8], verified: &[u8]) -> Verdict {
    let signature = sign(DemoKey::PublicKey, &signed(sent));
    doctor().response(&SignedResponse::new(TIMESTAMP, NONCE, verified, &signature))
}

#[track_caller]
fn assert_changed(sent: &[u8], verified: &[u8], code: &str) {
    let verdict = examine(sent, verified);
    assert_proven(&verdict, &[code], &signed(sent));
    assert_eq!(
        (verdict.line(), verdict.kind()),
        (Some(3), VerdictKind::MessageDiffers)
    );
}

#[test]
fn changes_of_the_body_before_verification_are_named() {
    let ascii = SENT.replace("支付成功", "\\u652f\\u4ed8\\u6210\\u529f");
    let pretty = "{\n  \"id\": \"1\",\n  \"amount\": {\n    \"total\": 1\n  }\n}";
    let compact = r#"{"id":"1","amount":{"total":1}}"#;
    let text = |text: &str| text.as_bytes().to_vec();
    for (sent, verified, code) in [
        (text(compact), text(pretty), "body-changed-rewritten"),
        (text(pretty), text(compact), "body-changed-rewritten"),
        (text(SENT), text(&ascii), "body-changed-rewritten"),
        (
            text(&SENT.replace('/', "\\/")),
            text(SENT),
            "body-changed-rewritten",
        ),
        (
            text(compact),
            text(r#"{"id":"1","amount":{"total":1.0}}"#),
            "body-changed-numbers",
        ),
        (
            text(compact),
            text(r#"{"amount":{"total":1},"id":"1"}"#),
            "body-changed-key-order",
        ),
        (
            text(&format!("{compact}\n")),
            text(compact),
            "body-changed-trimmed",
        ),
        (
            text(compact),
            text(&format!("{compact}\n")),
            "body-changed-end-added",
        ),
        (
            text(&format!("\u{feff}{compact}")),
            text(compact),
            "body-changed-byte-order-mark",
        ),
        (
            text(&pretty.replace('\n', "\r\n")),
            text(pretty),
            "body-changed-line-ends",
        ),
        (
            text(SENT),
            text(&SENT.replace('"', "&quot;")),
            "body-changed-html-escaped",
        ),
        (
            text(SENT),
            text(&SENT.replace("abc+", "abc ")),
            "body-changed-form-decoded",
        ),
        (
            text(SENT),
            text(&format!("\"{}\"", SENT.replace('"', "\\\""))),
            "body-changed-quoted",
        ),
        (Vec::new(), text("{}"), "body-changed-not-empty"),
    ] {
        assert_changed(&sent, &verified, code);
    }
    let (gbk, _, _) = encoding_rs::GBK.encode(SENT);
    assert_changed(SENT.as_bytes(), &gbk, "body-changed-charset");
    let latin1: String = SENT.bytes().map(char::from).collect();
    assert_changed(SENT.as_bytes(), latin1.as_bytes(), "body-changed-charset");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(SENT.as_bytes()).unwrap();
    assert_changed(
        SENT.as_bytes(),
        &gzip.finish().unwrap(),
        "body-changed-still-compressed",
    );
}

#[test]
fn an_unordered_map_is_detected() {
    let sorted = concat!(
        r#"{"create_time":"2026-11-24T10:34:56+08:00","event_type":"TRANSACTION.SUCCESS","id":"EV-2018022511223320873","#,
        r#""resource":{"algorithm":"AEAD_AES_256_GCM","associated_data":"","ciphertext":"abc+/def=","nonce":"fdasflkja484","#,
        r#""original_type":"transaction"},"resource_type":"encrypt-resource","summary":"支付成功"}"#
    );
    assert_changed(SENT.as_bytes(), sorted.as_bytes(), "body-changed-key-order");
}

#[test]
fn a_body_that_was_read_before_is_suspected() {
    let verdict = examine(SENT.as_bytes(), b"");
    assert_eq!(verdict.codes().collect::<Vec<_>>(), ["body-changed-consumed"]);
    assert_eq!(verdict.confidence(), Confidence::Suspected);
    assert_eq!(verdict.signed_message(), None);
}

#[test]
fn a_placeholder_body_is_suspected() {
    for verified in [
        "{}",
        " {}\n",
        "null",
        "[]",
        "\"\"",
        "undefined",
        "[object Object]",
        "None",
    ] {
        let verdict = examine(SENT.as_bytes(), verified.as_bytes());
        assert_eq!(
            verdict.codes().collect::<Vec<_>>(),
            ["body-changed-replaced"],
            "{verified}"
        );
        assert_eq!(verdict.confidence(), Confidence::Suspected, "{verified}");
        assert_eq!(verdict.signed_message(), None);
    }
    // Where nothing was sent, that is proven.
    assert_changed(b"", b"{}", "body-changed-not-empty");
}

#[test]
fn chinese_text_lost_as_question_marks_is_restored_from_known_phrases() {
    for summary in ["支付成功", "退款成功", "退款异常", "退款关闭"] {
        let sent = SENT.replace("支付成功", summary);
        for mark in ["?", "\u{fffd}"] {
            for count in [summary.chars().count(), summary.len()] {
                let verified = sent.replace(summary, &mark.repeat(count));
                assert_changed(sent.as_bytes(), verified.as_bytes(), "body-changed-charset");
            }
        }
    }
    // A response has several of them, and question marks of its own.
    let sent = r#"{"trade_state_desc":"支付成功","attach":"a?b","message":"订单未支付"}"#;
    let verified = r#"{"trade_state_desc":"????","attach":"a?b","message":"?????"}"#;
    assert_changed(sent.as_bytes(), verified.as_bytes(), "body-changed-charset");
    let unknown = SENT.replace("支付成功", "天地玄黄宇宙洪荒日月");
    let verdict = examine(
        unknown.as_bytes(),
        unknown.replace("天地玄黄宇宙洪荒日月", "??????????").as_bytes(),
    );
    assert_eq!(verdict.codes().count(), 0);
}

#[test]
fn a_long_body_of_an_unknown_sender_is_cheap() {
    let long = format!(r#"{{"id":"{}","summary":"支付成功"}}"#, "x".repeat(256 << 10));
    let signature = sign(DemoKey::PublicKey, &signed(SENT.as_bytes()));
    let of = |limits: Limits| {
        let doctor = doctor().limits(limits);
        doctor.response(&SignedResponse::new(
            TIMESTAMP,
            NONCE,
            long.as_bytes(),
            &signature,
        ))
    };
    let verdict = of(Limits::frugal());
    assert!(
        verdict.facts().iter().any(|fact| fact.code() == "search-cut"),
        "{verdict}"
    );
    // What is hashed is bounded in bytes, so a long body is hashed a few times.
    assert!(verdict.tried() < 20, "{}", verdict.tried());
    assert!(of(Limits::interactive()).tried() > verdict.tried());
}

#[test]
fn wrong_headers_are_named() {
    let signature = sign(DemoKey::PublicKey, &signed(SENT.as_bytes()));
    let body = SENT.as_bytes();
    let upper = NONCE.to_ascii_uppercase();
    for (timestamp, nonce, code) in [
        (NONCE, TIMESTAMP, "headers-swapped"),
        ("1795500002", NONCE, "header-timestamp-differs"),
        (TIMESTAMP, upper.as_str(), "header-nonce-differs"),
    ] {
        let verdict = doctor().response(&SignedResponse::new(timestamp, nonce, body, &signature));
        assert_proven(&verdict, &[code], &signed(body));
    }
}

#[test]
fn the_merchants_own_key_is_reported_as_such() {
    let message = signed(SENT.as_bytes());
    for (key, code) in [
        (DemoKey::Merchant, "key-of-own-merchant"),
        (DemoKey::Platform1, "key-of-platform"),
    ] {
        let signature = sign(key, &message);
        let verdict = doctor().response(&SignedResponse::new(
            TIMESTAMP,
            NONCE,
            SENT.as_bytes(),
            &signature,
        ));
        assert_proven(&verdict, &[code], &message);
    }
}

#[test]
fn a_changed_amount_is_not_attributed_to_the_framework() {
    let verdict = examine(br#"{"total":1}"#, br#"{"total":2}"#);
    assert_eq!(
        (verdict.codes().count(), verdict.confidence()),
        (0, Confidence::Unknown)
    );
    assert_eq!(verdict.kind(), VerdictKind::MessageDiffers);
}

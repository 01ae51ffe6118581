//! Requests with one wrong line, and with pairs of wrong lines.

use encoding_rs::GBK;
use sha2::{Digest as _, Sha256};
use wechatpay_core::testing::DemoKey;
use wechatpay_doctor::{Confidence, Label, VerdictKind};

use crate::kit::{
    BODY, EARLIER, GET, NONCE, POST, PREPAY, QUERY, TIMESTAMP, assert_proven, doctor, lines, sign,
};

/// Creates the message of an order with another value of `line`.
fn post(line: &str, other: impl AsRef<[u8]>) -> Vec<u8> {
    let other = other.as_ref();
    let text = || std::str::from_utf8(other).unwrap();
    match line {
        "method" => lines(text(), PREPAY, TIMESTAMP, NONCE, BODY),
        "url" => lines("POST", text(), TIMESTAMP, NONCE, BODY),
        "timestamp" => lines("POST", PREPAY, text(), NONCE, BODY),
        "nonce" => lines("POST", PREPAY, TIMESTAMP, text(), BODY),
        _ => lines("POST", PREPAY, TIMESTAMP, NONCE, other),
    }
}

fn get(target: &str) -> Vec<u8> {
    lines("GET", target, TIMESTAMP, NONCE, "")
}

#[test]
fn a_wrong_method_is_named() {
    for (other, code) in [
        ("post", "method-letter-case"),
        ("Post", "method-letter-case"),
        ("GET", "method-differs"),
        ("", "method-empty"),
    ] {
        let message = post("method", other);
        let verdict = POST.examine(&message);
        assert_proven(&verdict, &[code], &message);
        assert_eq!(
            (verdict.line(), verdict.kind()),
            (Some(1), VerdictKind::MessageDiffers)
        );
    }
}

#[test]
fn a_wrong_url_is_named() {
    for (other, code) in [
        (
            "https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi",
            "url-absolute",
        ),
        ("http://127.0.0.1:8640/v3/pay/transactions/jsapi", "url-absolute"),
        ("/pay/transactions/jsapi", "url-without-v3"),
        ("v3/pay/transactions/jsapi", "url-without-slash"),
        ("/v3/pay/transactions/jsapi/", "url-trailing-slash"),
        ("//v3/pay/transactions/jsapi", "url-double-slash"),
        ("/v3/pay/partner/transactions/jsapi", "url-other-family"),
        ("/v3/pay/transactions/jsapi?", "url-dangling-question-mark"),
        ("undefined", "url-empty"),
    ] {
        let message = post("url", other);
        let verdict = POST.examine(&message);
        assert_proven(&verdict, &[code], &message);
        assert_eq!(verdict.line(), Some(2));
    }
}

#[test]
fn a_wrong_query_or_path_value_is_named() {
    for (other, code) in [
        ("/v3/refund/domestic/refunds/R2026%2A1", "url-query-dropped"),
        (
            "/v3/refund/domestic/refunds/R2026%2A1?sub_mchid=1900000109",
            "url-query-parameter-dropped",
        ),
        (
            "/v3/refund/domestic/refunds/R2026%2A1?note=a%20b&sub_mchid=1900000109",
            "url-query-order",
        ),
        (
            "/v3/refund/domestic/refunds/R2026*1?sub_mchid=1900000109&note=a b",
            "url-decoded",
        ),
        (
            "/v3/refund/domestic/refunds/R2026%2A1?sub_mchid=1900000109&note=a+b",
            "url-encoded-otherwise",
        ),
        (
            "/v3/refund/domestic/refunds/R2026%252A1?sub_mchid=1900000109&note=a%2520b",
            "url-encoded-twice",
        ),
        (
            "/v3/refund/domestic/refunds/{out_refund_no}?sub_mchid=1900000109&note=a%20b",
            "url-placeholder",
        ),
        (
            "/v3/refund/domestic/refunds/r2026%2a1?sub_mchid=1900000109&note=a%20b",
            "url-letter-case",
        ),
        (
            "/v3/refund/domestic/refunds/R2026%2A1?sub_mchid=1900000109&amp;note=a%20b",
            "url-escaped",
        ),
        (
            "/v3/refund/domestic/refunds?sub_mchid=1900000109&note=a%20b",
            "url-segment-dropped",
        ),
    ] {
        let message = get(other);
        assert_proven(&GET.examine(&message), &[code], &message);
    }
}

#[test]
fn a_wrong_timestamp_is_named() {
    for (other, code) in [
        ("1795499997", "timestamp-read-twice"),
        ("1795500120", "timestamp-read-twice"),
        ("1795500000000", "timestamp-in-milliseconds"),
        ("1795500000437", "timestamp-in-milliseconds"),
        ("1795528800", "timestamp-local-time-as-utc"),
        ("1795471200", "timestamp-local-time-as-utc"),
        ("1795500000.0", "timestamp-spelling"),
        ("None", "timestamp-empty"),
    ] {
        let message = post("timestamp", other);
        let verdict = POST.examine(&message);
        assert_proven(&verdict, &[code], &message);
        assert_eq!(verdict.line(), Some(3));
    }
    let message = post("timestamp", "1795499997");
    assert_eq!(
        POST.examine(&message).findings()[0].detail().map(Label::en),
        Some("-3 s")
    );
}

#[test]
fn a_wrong_nonce_is_named() {
    let lower = NONCE.to_ascii_lowercase();
    for (other, code) in [
        (EARLIER[0], "nonce-of-an-earlier-request"),
        (EARLIER[2], "nonce-of-an-earlier-request"),
        (lower.as_str(), "nonce-letter-case"),
        ("", "nonce-empty"),
    ] {
        let message = post("nonce", other);
        let verdict = POST.examine(&message);
        assert_proven(&verdict, &[code], &message);
        assert_eq!(verdict.line(), Some(4));
    }
}

const SPACED: &str = concat!(
    r#"{"mchid": "1900000001", "appid": "wx8888888888888888", "description": "中文 A/B <c> & d", "#,
    r#""out_trade_no": "T2026-0001", "notify_url": "https://shop.example/wechatpay/notify", "#,
    r#""amount": {"total": 100, "currency": "CNY"}, "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}"#
);
const SORTED: &str = concat!(
    r#"{"amount":{"currency":"CNY","total":100},"appid":"wx8888888888888888","description":"中文 A/B <c> & d","#,
    r#""mchid":"1900000001","notify_url":"https://shop.example/wechatpay/notify","#,
    r#""out_trade_no":"T2026-0001","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}"#
);
const INDENTED: &str = r#"{
  "mchid": "1900000001",
  "appid": "wx8888888888888888",
  "description": "中文 A/B <c> & d",
  "out_trade_no": "T2026-0001",
  "notify_url": "https://shop.example/wechatpay/notify",
  "amount": {
    "total": 100,
    "currency": "CNY"
  },
  "payer": {
    "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
  }
}"#;
const PYTHON: &str = concat!(
    "{'mchid': '1900000001', 'appid': 'wx8888888888888888', 'description': '中文 A/B <c> & d', ",
    "'out_trade_no': 'T2026-0001', 'notify_url': 'https://shop.example/wechatpay/notify', ",
    "'amount': {'total': 100, 'currency': 'CNY'}, 'payer': {'openid': 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'}}"
);

#[test]
fn another_serialisation_of_the_body_is_named() {
    let ascii = |text: &str| text.replace("中文", "\\u4e2d\\u6587");
    let four = INDENTED.replace("  ", "    ");
    let quoted = format!("\"{}\"", BODY.replace('"', "\\\""));
    for (other, codes) in [
        (String::new(), &["body-left-out"] as &[&str]),
        (INDENTED.to_owned(), &["body-pretty-printed"]),
        (four, &["body-pretty-printed"]),
        (INDENTED.replace("  ", "\t"), &["body-pretty-printed"]),
        (SPACED.to_owned(), &["body-spaced"]),
        (ascii(SPACED), &["body-spaced", "body-escaped"]),
        (SORTED.to_owned(), &["body-keys-sorted"]),
        (BODY.replace('/', "\\/"), &["body-escaped"]),
        (ascii(BODY), &["body-escaped"]),
        (ascii(&BODY.replace('/', "\\/")), &["body-escaped"]),
        (
            BODY.replace('<', "\\u003c")
                .replace('>', "\\u003e")
                .replace('&', "\\u0026"),
            &["body-html-escaped"],
        ),
        (format!("\u{feff}{BODY}"), &["body-byte-order-mark"]),
        (BODY.replace("100", "\"100\""), &["body-numbers"]),
        (PYTHON.to_owned(), &["body-printed"]),
        ("[object Object]".to_owned(), &["body-printed"]),
        (quoted, &["body-quoted"]),
        (BODY.replace("中文", "??"), &["body-latin-1"]),
    ] {
        let message = post("body", &other);
        let verdict = POST.examine(&message);
        assert_proven(&verdict, codes, &message);
        assert_eq!(verdict.line(), Some(5));
    }
}

#[test]
fn another_body_is_named() {
    let (gbk, _, _) = GBK.encode(BODY);
    let message = post("body", &gbk);
    assert_proven(&POST.examine(&message), &["body-gbk"], &message);

    let digest: String = Sha256::digest(BODY)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let message = post("body", &digest);
    assert_proven(&POST.examine(&message), &["body-digest"], &message);

    let mut arrived = POST;
    arrived.body = br#"{"out_trade_no":"T 1","mchid":"1900000001"}"#;
    let message = post("body", "out_trade_no=T+1&mchid=1900000001");
    assert_proven(&arrived.examine(&message), &["body-form-encoded"], &message);

    for (body, code) in [
        ("{}", "body-of-get-not-empty"),
        ("sub_mchid=1900000109&note=a%20b", "body-of-get-is-query"),
        (
            r#"{"sub_mchid":"1900000109","note":"a b"}"#,
            "body-of-get-is-query",
        ),
    ] {
        let message = lines("GET", QUERY, TIMESTAMP, NONCE, body);
        assert_proven(&GET.examine(&message), &[code], &message);
    }
}

#[test]
fn an_upload_that_is_signed_whole_is_named() {
    let meta = br#"{"filename":"a.jpg","sha256":"00"}"#;
    let form = b"--x\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{\"filename\":\"a.jpg\",\"sha256\":\"00\"}\r\n--x--\r\n";
    let mut arrived = POST;
    arrived.body = meta;
    let message = post("body", form);
    let signature = sign(DemoKey::Merchant, &message);
    let verdict = doctor().request(&arrived.request(&signature).whole_form(form));
    assert_proven(&verdict, &["upload-whole-form-signed"], &message);
}

#[test]
fn the_part_meta_is_not_found_without_a_boundary() {
    let meta = br#"{"filename":"a.jpg","sha256":"00"}"#;
    let part = "Content-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"filename\":\"a.jpg\",\"sha256\":\"00\"}\r\n";
    let file = "Content-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\n\u{ff}\r\n\r\n\r\n";
    let mut arrived = POST;
    // The gateway found no part, so it has nothing that was signed.
    arrived.body = b"";
    let message = post("body", meta);
    let signature = sign(DemoKey::Merchant, &message);
    for (first, second) in [(part, file), (file, part)] {
        let form = format!("--x\r\n{first}--x\r\n{second}--x--\r\n");
        let verdict = doctor().request(&arrived.request(&signature).whole_form(form.as_bytes()));
        assert_proven(&verdict, &["upload-boundary-missing"], &message);
        assert!(
            verdict.to_string().contains("Content-Type has no boundary"),
            "{verdict}"
        );
    }
}

#[test]
fn wrong_combinations_of_lines_are_named() {
    let right = POST.message();
    let text = String::from_utf8(right.clone()).unwrap();
    let without_end = text.strip_suffix('\n').unwrap();
    let [method, url, timestamp, nonce, body] = ["POST", PREPAY, TIMESTAMP, NONCE, BODY];
    let upper = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    for (message, code) in [
        (without_end.to_owned(), "last-line-end-missing"),
        (text.replace('\n', "\r\n"), "line-ends-crlf"),
        (without_end.replace('\n', "\r\n"), "line-ends-crlf-last-missing"),
        (text.replace('\n', "\\n"), "line-ends-literal-backslash-n"),
        (text.replace('\n', ""), "line-ends-missing"),
        (format!("{text}\n"), "line-end-extra"),
        (format!("\n{text}"), "line-empty-first"),
        (without_end.replace('\n', "&"), "line-ends-other-separator"),
        (format!("{timestamp}\n{nonce}\n{body}\n"), "layout-of-response"),
        (
            format!("{timestamp}\n{nonce}\n{method}\n{url}\n{body}\n"),
            "layout-time-before-method",
        ),
        (
            format!("{method}\n{url}\n{nonce}\n{timestamp}\n{body}\n"),
            "layout-timestamp-nonce-swapped",
        ),
        (
            format!("{method}\n{url}\n{timestamp}\n{nonce}\n"),
            "line-left-out",
        ),
        (
            format!("{url}\n{method}\n{timestamp}\n{nonce}\n{body}\n"),
            "lines-in-another-order",
        ),
        (
            format!("wx8888888888888888\n{timestamp}\n{nonce}\nprepay_id=\n"),
            "layout-of-invocation",
        ),
        (body.to_owned(), "layout-body-alone"),
        (
            upper(&Sha256::digest(&right)).to_ascii_lowercase(),
            "message-hashed-first",
        ),
        (upper(&right), "message-encoded-first"),
        (format!("{text}\0"), "message-with-nul"),
    ] {
        assert_proven(&POST.examine(message.as_bytes()), &[code], message.as_bytes());
    }
}

#[test]
fn two_mistakes_together_are_named() {
    let spaced = SPACED.replace("中文", "\\u4e2d\\u6587");
    let no_end = |message: Vec<u8>| message.strip_suffix(b"\n").unwrap().to_vec();
    let crlf = |message: Vec<u8>| {
        String::from_utf8(message)
            .unwrap()
            .replace('\n', "\r\n")
            .into_bytes()
    };
    for (message, codes) in [
        (
            lines("post", "/pay/transactions/jsapi", TIMESTAMP, NONCE, BODY),
            &["method-letter-case", "url-without-v3"] as &[&str],
        ),
        (
            lines(
                "POST",
                "https://api.mch.weixin.qq.com/v3/pay/transactions/jsapi",
                "1795499999",
                NONCE,
                BODY,
            ),
            &["url-absolute", "timestamp-read-twice"],
        ),
        (
            lines("POST", PREPAY, "1795499999", EARLIER[0], BODY),
            &["timestamp-read-twice", "nonce-of-an-earlier-request"],
        ),
        (
            lines("POST", PREPAY, "1795499996", NONCE, BODY.replace('/', "\\/")),
            &["timestamp-read-twice", "body-escaped"],
        ),
        (
            lines("POST", "/pay/transactions/jsapi", TIMESTAMP, NONCE, SORTED),
            &["url-without-v3", "body-keys-sorted"],
        ),
        (
            no_end(lines("POST", PREPAY, TIMESTAMP, NONCE, &spaced)),
            &["last-line-end-missing", "body-spaced", "body-escaped"],
        ),
        (
            no_end(lines("POST", "/pay/transactions/jsapi", TIMESTAMP, NONCE, BODY)),
            &["last-line-end-missing", "url-without-v3"],
        ),
        (
            crlf(lines(
                "POST",
                PREPAY,
                TIMESTAMP,
                &NONCE.to_ascii_lowercase(),
                BODY,
            )),
            &["line-ends-crlf", "nonce-letter-case"],
        ),
        (
            lines("POST", PREPAY, "1795500000000", NONCE, ""),
            &["timestamp-in-milliseconds", "body-left-out"],
        ),
    ] {
        assert_proven(&POST.examine(&message), codes, &message);
    }
    let message = lines(
        "GET",
        "/v3/refund/domestic/refunds/R2026%2A1",
        "1795499997",
        NONCE,
        "",
    );
    assert_proven(
        &GET.examine(&message),
        &["url-query-dropped", "timestamp-read-twice"],
        &message,
    );
}

#[test]
fn an_unknown_mistake_is_left_open() {
    let message = post("body", "{\"something\":\"else\"}");
    let verdict = POST.examine(&message);
    assert_eq!(verdict.kind(), VerdictKind::MessageDiffers);
    assert_eq!(verdict.confidence(), Confidence::Unknown);
    assert_eq!((verdict.codes().count(), verdict.signed_message()), (0, None));
    let facts: Vec<_> = verdict.facts().iter().map(wechatpay_doctor::Fact::code).collect();
    assert_eq!(
        facts,
        ["key-right", "algorithm-right", "message-differs", "nothing-fits"]
    );
    println!("{verdict}");
}

#[test]
fn a_claimed_message_is_compared_byte_by_byte() {
    let message = post("body", BODY.replace("\"total\":100", "\"total\":1"));
    let signature = sign(DemoKey::Merchant, &message);
    let verdict = doctor().request(&POST.request(&signature).claimed(&message));
    assert_proven(&verdict, &["body-line-differs"], &message);
    assert!(verdict.facts().iter().any(|fact| fact.code() == "claim-proven"));

    // A text that was not signed is no proof of anything.
    let other = post("body", "{}");
    let verdict = doctor().request(&POST.request(&signature).claimed(&other));
    assert_eq!(
        (verdict.codes().count(), verdict.confidence()),
        (0, Confidence::Unknown)
    );
    assert!(verdict.facts().iter().any(|fact| fact.code() == "claim-refuted"));
}

#[test]
fn a_matching_signature_is_reported_as_such() {
    for arrived in [POST, GET] {
        let verdict = arrived.examine(&arrived.message());
        assert_eq!(verdict.kind(), VerdictKind::SignatureFits);
        assert_eq!((verdict.codes().count(), verdict.tried()), (0, 1));
    }
}

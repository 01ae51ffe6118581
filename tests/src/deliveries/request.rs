//! Methods, media types, headers, window and keys.

use std::sync::Arc;

use serde_json::{Value, json};
use wechatpay_core::{
    testing::{DEMO_APPID, DEMO_MCHID, Delivery, DemoKey},
    types::KeyId,
};

use super::{ORDER, Table};

pub(super) fn good(t: &mut Table) {
    let now = t.platform.now();
    let certificate = t.platform.demo_key(DemoKey::Platform1);
    let by_certificate = |t: &Table, serial: &str| {
        t.builder()
            .signed_by(KeyId::parse("ABCDEF0").unwrap(), Arc::clone(&certificate))
            .build()
            .with_header("Wechatpay-Serial", serial)
    };
    let rows: Vec<(&str, Delivery)> = vec![
        ("a payment", t.payment()),
        ("content type with charset", t.payment().with_header("Content-Type", "application/json; charset=utf-8")),
        ("content type in capitals", t.payment().with_header("content-type", "Application/JSON")),
        ("identity encoding", t.payment().with_header("Content-Encoding", "identity")),
        ("without signature type", t.payment().without_header("Wechatpay-Signature-Type")),
        ("with a Request-ID", t.payment().with_header("Request-ID", "08F78BB6-0")),
        ("signed 300 s ago", t.builder().signed_at(now - 300).build()),
        ("signed 300 s ahead", t.builder().signed_at(now + 300).build()),
        ("a nonce of 128 characters", t.builder().header_nonce(&"n".repeat(128)).build()),
        ("signed by a certificate", by_certificate(t, "ABCDEF0")),
        ("serial in small letters", by_certificate(t, "abcdef0")),
        ("serial with leading zeros", by_certificate(t, "000ABCDEF0")),
        ("associated data missing", t.builder().associated_data(Value::Null).build()),
        ("associated data null", t.enveloped_null("associated_data")),
        ("associated data empty", t.builder().associated_data(json!("")).build()),
        ("original type missing", t.builder().original_type(Value::Null).build()),
        ("original type empty", t.builder().original_type(json!("")).build()),
        ("unknown members of the envelope", t.builder().envelope("new_member", json!({ "a": [1, 2] })).build()),
        ("a summary of 200 kB", t.builder().envelope("summary", json!("长".repeat(66_000))).build()),
        ("unknown members of the resource", t.changed(|resource| resource["new_member"] = json!([{ "a": null }]))),
        ("an unknown trade type", t.changed(|resource| resource["trade_type"] = json!("BRAND_NEW"))),
        ("an empty attach", t.changed(|resource| resource["attach"] = json!(""))),
        ("null where optional", t.changed(|resource| resource["scene_info"] = Value::Null)),
        ("no payer members", t.changed(|resource| resource["payer"] = json!({}))),
        ("escapes in the resource", t.changed(|resource| resource["attach"] = json!("\"\\\n\u{1F600}"))),
        ("a coupon", t.changed(|resource| resource["amount"]["payer_total"] = json!(50))),
        ("a promotion", t.changed(|resource| {
            resource["promotion_detail"] = json!([{ "coupon_id": "1", "amount": 50, "scope": "GLOBAL", "goods_detail": [] }]);
        })),
        ("a creation time in another spelling", t.enveloped(|e| e["create_time"] = json!("20180225112233"))),
        ("a creation time that is none", t.enveloped(|e| e["create_time"] = json!("yesterday"))),
        ("a time of success that is none", t.changed(|resource| resource["success_time"] = json!("yesterday"))),
        ("a payer that is empty", t.changed(|resource| resource["payer"] = json!(""))),
        ("a payer's total as text", t.changed(|resource| resource["amount"]["payer_total"] = json!("100"))),
        ("a payer's total below zero", t.changed(|resource| resource["amount"]["payer_total"] = json!(-1))),
        ("no instalments", t.changed(|resource| resource["installment_info"] = json!({}))),
        ("a promotion with an amount alone", t.changed(|resource| {
            resource["promotion_detail"] = json!([{ "amount": 1 }, { "goods_detail": [{ "quantity": 1.5 }] }, null]);
        })),
        ("half a surrogate in attach", t.resource_text(|text| text.replacen("自定义数据", "\\ud83d", 1))),
        ("attach twice", t.resource_text(|text| text.replacen('{', "{\"attach\":\"x\",", 1))),
        ("a direct merchant's payment", t.changed(|resource| {
            *resource = json!({
                "appid": DEMO_APPID, "mchid": DEMO_MCHID, "out_trade_no": ORDER, "transaction_id": "42", "trade_state": "SUCCESS",
                "trade_type": "NATIVE", "amount": { "total": 100 }, "payer": { "openid": "o" },
            });
        })),
    ];
    for (name, delivery) in rows {
        t.add(name, 204, "accepted", delivery);
    }
}

pub(super) fn method_and_media(t: &mut Table) {
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        t.add(
            format!("method {method}"),
            405,
            "method",
            t.payment().with_method(method),
        );
    }
    for content_type in [
        "text/plain",
        "text/json",
        "application/xml",
        "application/jsonp",
        "application/x-www-form-urlencoded",
        "json",
        "",
    ] {
        let delivery = t.payment().with_header("Content-Type", content_type);
        t.add(
            format!("content type {content_type:?}"),
            415,
            "media_type",
            delivery,
        );
    }
    t.add(
        "no content type",
        415,
        "media_type",
        t.payment().without_header("Content-Type"),
    );
    t.add(
        "a second content type",
        415,
        "media_type",
        t.payment().and_header("Content-Type", "text/plain"),
    );
    for encoding in ["gzip", "br", "zstd", "deflate", "identity, gzip", "x"] {
        t.add(
            format!("content encoding {encoding}"),
            415,
            "encoding",
            t.payment().with_header("Content-Encoding", encoding),
        );
    }
    let long = t
        .builder()
        .envelope("summary", json!("x".repeat(256 * 1024)))
        .build();
    t.add("a body over the limit", 413, "too_large", long);
    let unsigned = t.payment().with_body(vec![b' '; 256 * 1024 + 1]);
    t.add("an unsigned body over the limit", 413, "too_large", unsigned);
}

pub(super) fn headers(t: &mut Table) {
    for header in [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ] {
        t.add(
            format!("{header} missing"),
            401,
            "header_missing",
            t.payment().without_header(header),
        );
        t.add(
            format!("{header} empty"),
            401,
            "header_malformed",
            t.payment().with_header(header, ""),
        );
    }
    for header in [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
        "Wechatpay-Signature-Type",
    ] {
        let value = t.payment().header(header).unwrap().to_vec();
        t.add(
            format!("{header} twice"),
            401,
            "header_duplicate",
            t.payment().and_header(header, value.clone()),
        );
        let other = t.payment().and_header(&header.to_uppercase(), "1");
        t.add(
            format!("{header} twice, with another value and case"),
            401,
            "header_duplicate",
            other,
        );
        let list = [value.clone(), b", ".to_vec(), value].concat();
        let code = if header == "Wechatpay-Signature-Type" {
            "algorithm_unsupported"
        } else {
            "header_malformed"
        };
        t.add(
            format!("{header} as a list"),
            401,
            code,
            t.payment().with_header(header, list),
        );
    }
    let now = t.platform.now();
    let timestamps: Vec<(&str, Vec<u8>)> = vec![
        ("with a sign", format!("+{now}").into()),
        ("with a leading zero", format!("0{now}").into()),
        ("in milliseconds", format!("{now}000").into()),
        ("with a blank inside", b"1700 00000".to_vec()),
        ("negative", b"-1".to_vec()),
        ("the smallest i64", i64::MIN.to_string().into()),
        ("the largest u64", u64::MAX.to_string().into()),
        ("as a float", format!("{now}.0").into()),
        ("hexadecimal", b"0x6543210F".to_vec()),
        ("in full-width digits", "１７０００００００".as_bytes().to_vec()),
        ("with a control byte", b"17000000\x0100".to_vec()),
    ];
    for (name, timestamp) in timestamps {
        let delivery = t.payment().with_header("Wechatpay-Timestamp", timestamp);
        t.add(format!("timestamp {name}"), 401, "header_malformed", delivery);
    }
    for (name, nonce) in [
        ("of 129 characters", "n".repeat(129)),
        ("with a blank", "a b".into()),
        ("with a comma", "a,b".into()),
    ] {
        // Signed over this very text: it is the form that is refused.
        t.add(
            format!("nonce {name}"),
            401,
            "header_malformed",
            t.builder().header_nonce(&nonce).build(),
        );
    }
    for (name, nonce) in [
        ("with a line end", &b"a\nb"[..]),
        ("with NUL", b"a\0b"),
        ("with CR", b"a\rb"),
        ("not ASCII", b"a\xE9b"),
    ] {
        t.add(
            format!("nonce {name}"),
            401,
            "header_malformed",
            t.payment().with_header("Wechatpay-Nonce", nonce),
        );
    }
    for serial in [
        "0x1F",
        "XYZ",
        "-1F",
        "AB_CD",
        "AB:CD",
        "PUB_KEY_ID_",
        "PUB_KEY_ID_a-b",
        "pub_key_id_1",
        &"A".repeat(65),
        "0",
    ] {
        let delivery = t.payment().with_header("Wechatpay-Serial", serial);
        t.add(format!("serial {serial}"), 401, "header_malformed", delivery);
    }
    let signature = String::from_utf8(t.payment().header("Wechatpay-Signature").unwrap().to_vec()).unwrap();
    let signatures = [
        ("without padding", signature.trim_end_matches('=').to_owned()),
        (
            "with a blank inside",
            format!("{} {}", &signature[..8], &signature[8..]),
        ),
        ("in the url-safe alphabet", format!("-_{}", &signature[2..])),
        ("of 1025 characters", "A".repeat(1025)),
        ("that is no base64", "!".repeat(344)),
        ("with bits left over", format!("{}B==", &signature[..341])),
    ];
    for (name, signature) in signatures {
        let delivery = t.payment().with_header("Wechatpay-Signature", signature);
        t.add(format!("signature {name}"), 401, "header_malformed", delivery);
    }
    for kind in [
        "WECHATPAY2-SM2-WITH-SM3",
        "wechatpay2-sha256-rsa2048",
        "WECHATPAY2-SHA256-RSA-PSS",
        "none",
        "",
    ] {
        let delivery = t.payment().with_header("Wechatpay-Signature-Type", kind);
        t.add(
            format!("signature type {kind:?}"),
            401,
            "algorithm_unsupported",
            delivery,
        );
    }
}

pub(super) fn window_and_keys(t: &mut Table) {
    let now = t.platform.now();
    t.add(
        "signed 301 s ago",
        401,
        "too_old",
        t.builder().signed_at(now - 310).build(),
    );
    t.add(
        "signed a year ago",
        401,
        "too_old",
        t.builder().signed_at(now - 365 * 24 * 3600).build(),
    );
    t.add(
        "signed 301 s ahead",
        401,
        "too_new",
        t.builder().signed_at(now + 301).build(),
    );
    t.add(
        "signed in 2286",
        401,
        "too_new",
        t.builder().signed_at("9999999999").build(),
    );
    for probe in [
        "WECHATPAY/SIGNTEST/",
        "WECHATPAY/SIGNTEST/QUJD",
        "WECHATPAY/SIGNTEST/not base64 at all".trim_end(),
    ] {
        let probe = probe.replace(' ', "");
        t.add(
            format!("probe {probe}"),
            401,
            "probe",
            t.payment().with_header("Wechatpay-Signature", probe),
        );
    }
    let stale_probe = t
        .builder()
        .signed_at(now - 310)
        .build()
        .with_header("Wechatpay-Signature", "WECHATPAY/SIGNTEST/x");
    t.add("a probe outside the window", 401, "too_old", stale_probe);
    for id in [
        "PUB_KEY_ID_0119000000012024101500000000000002",
        "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
    ] {
        t.add(
            format!("unknown key {id}"),
            401,
            "key_unknown",
            t.payment().with_header("Wechatpay-Serial", id),
        );
    }
    let expired = t.platform.demo_key(DemoKey::Platform2);
    let delivery = t
        .builder()
        .signed_by(KeyId::parse("5EADBEEF").unwrap(), expired)
        .build();
    t.add("an expired certificate", 401, "key_expired", delivery);
}

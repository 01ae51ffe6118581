//! One table of deliveries: good, broken and hostile. Each entry point runs all of it.
//!
//! A row says once what goes over the wire, what must be answered, and whether the handler may run. Adding a row adds a test
//! of every entry point.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use wechatpay_core::{
    Clock,
    keys::PinnedKeys,
    notify::NotificationReceiver,
    testing::{DEMO_APPID, DEMO_MCHID, DEMO_SUB_MCHID, Delivery, DeliveryBuilder, DemoKey, FakePlatform},
    types::KeyId,
};

/// One delivery and what must come of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// A name for people.
    pub name: String,
    /// What is sent.
    pub delivery: Delivery,
    /// The status that must be answered; the handler runs exactly when it is 204.
    pub status: u16,
    /// The code of the refusal, `accepted` for none.
    pub code: &'static str,
}

impl Row {
    /// Whether the `http` crate can hold its headers; what it cannot hold, its servers refuse before us.
    #[must_use]
    pub fn fits_http(&self) -> bool {
        self.delivery.headers.iter().all(|(_, value)| {
            value
                .iter()
                .all(|byte| *byte == b'\t' || (*byte >= 0x20 && *byte != 0x7F))
        })
    }
}

/// The platform that the table is made by. Its clock stands still, so that rows may be on the very edge of the window.
#[must_use]
pub fn platform() -> FakePlatform {
    FakePlatform::new().clock(Clock::fixed(1_790_000_000))
}

/// The receiver that the table is made for: the demo merchant with one app and one sub-merchant, trusting the demo public
/// key, a certificate, and one that has expired.
#[must_use]
pub fn receiver(platform: &FakePlatform) -> NotificationReceiver {
    let certificate = |key, serial: &[u8], shift: i64| {
        let mut spec = platform.certificate_spec(key, serial);
        spec.not_after += shift;
        platform.platform_key(&platform.issue(&spec))
    };
    let keys = PinnedKeys::new([
        platform.pinned_public_key(),
        certificate(DemoKey::Platform1, &CERTIFICATE, 0),
        certificate(DemoKey::Platform2, &EXPIRED, -4 * 365 * 24 * 3600),
    ]);
    NotificationReceiver::builder(
        DEMO_MCHID.parse().unwrap(),
        platform.api_v3_key().clone(),
        Arc::new(keys),
    )
    .provider(Arc::clone(platform.provider()))
    .clock(Clock::fixed(platform.now()))
    .appid(DEMO_APPID.parse().unwrap())
    .sub_mchid(DEMO_SUB_MCHID.parse().unwrap())
    .build()
    .unwrap()
}

const CERTIFICATE: [u8; 4] = [0x0A, 0xBC, 0xDE, 0xF0];
const EXPIRED: [u8; 4] = [0x5E, 0xAD, 0xBE, 0xEF];
const ORDER: &str = "1217752501201407033233368018";

struct Table {
    platform: FakePlatform,
    rows: Vec<Row>,
}

impl Table {
    fn add(&mut self, name: impl Into<String>, status: u16, code: &'static str, delivery: Delivery) {
        self.rows.push(Row {
            name: name.into(),
            delivery,
            status,
            code,
        });
    }

    fn payment(&self) -> Delivery {
        self.platform.payment(ORDER, 100)
    }

    fn builder(&self) -> DeliveryBuilder {
        self.platform.payment_builder(ORDER, 100)
    }

    /// A payment whose plaintext was changed before it was sealed.
    fn changed(&self, change: impl FnOnce(&mut Value)) -> Delivery {
        let mut resource = self.platform.payment_resource(ORDER, 100);
        change(&mut resource);
        self.builder().plaintext(resource.to_string()).build()
    }

    /// A payment whose envelope was changed before it was signed.
    fn enveloped(&self, change: impl FnOnce(&mut Value)) -> Delivery {
        let mut envelope: Value = serde_json::from_slice(&self.payment().body).unwrap();
        change(&mut envelope);
        self.builder().body(envelope.to_string()).build()
    }

    fn text(&self) -> String {
        String::from_utf8(self.payment().body.to_vec()).unwrap()
    }
}

/// The table.
#[must_use]
pub fn table(platform: &FakePlatform) -> Vec<Row> {
    let mut table = Table {
        platform: platform.clone(),
        rows: Vec::new(),
    };
    good(&mut table);
    method_and_media(&mut table);
    headers(&mut table);
    window_and_keys(&mut table);
    signatures(&mut table);
    envelopes(&mut table);
    sealing(&mut table);
    plaintexts(&mut table);
    kinds_and_merchants(&mut table);
    table.rows
}

fn good(t: &mut Table) {
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

impl Table {
    fn resource_text(&self, change: impl FnOnce(String) -> String) -> Delivery {
        let text = self.platform.payment_resource(ORDER, 100).to_string();
        self.builder().plaintext(change(text)).build()
    }

    fn enveloped_null(&self, member: &str) -> Delivery {
        let body = self.builder().associated_data(json!("")).build().body;
        let mut envelope: Value = serde_json::from_slice(&body).unwrap();
        envelope["resource"][member] = Value::Null;
        self.builder().body(envelope.to_string()).build()
    }
}

fn method_and_media(t: &mut Table) {
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

fn headers(t: &mut Table) {
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

fn window_and_keys(t: &mut Table) {
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

fn signatures(t: &mut Table) {
    let (id, _) = t.platform.signing_key();
    for key in [DemoKey::Stranger, DemoKey::Merchant, DemoKey::Platform1] {
        let delivery = t
            .builder()
            .signed_by(id.clone(), t.platform.demo_key(key))
            .build();
        t.add(
            format!("signed with the key {key:?} under a known id"),
            401,
            "signature_invalid",
            delivery,
        );
    }
    let payment = t.payment();
    let mut flipped = payment.body.to_vec();
    flipped[20] ^= 1;
    let reordered: Value = serde_json::from_slice(&payment.body).unwrap();
    let bodies: Vec<(&str, Bytes)> = vec![
        ("with one bit changed", flipped.into()),
        (
            "without its last byte",
            payment.body.slice(..payment.body.len() - 1),
        ),
        (
            "with a line end added",
            [payment.body.as_ref(), b"\n"].concat().into(),
        ),
        (
            "with a BOM added",
            ["\u{FEFF}".as_bytes(), &payment.body].concat().into(),
        ),
        (
            "pretty-printed",
            serde_json::to_string_pretty(&reordered).unwrap().into(),
        ),
        (
            "of another notification",
            t.platform.payment("ANOTHER-ORDER", 1).body,
        ),
        ("that is empty", Bytes::new()),
    ];
    for (name, body) in bodies {
        t.add(
            format!("a body {name}"),
            401,
            "signature_invalid",
            payment.clone().with_body(body),
        );
    }
    let nonce = payment.clone().with_header("Wechatpay-Nonce", "another");
    t.add("another nonce", 401, "signature_invalid", nonce);
    let timestamp = payment
        .clone()
        .with_header("Wechatpay-Timestamp", (t.platform.now() - 1).to_string());
    t.add("another timestamp", 401, "signature_invalid", timestamp);
    // Two lines of the message trade a character: the text would be the same without line ends.
    let shifted = t
        .builder()
        .header_nonce("ab")
        .build()
        .with_header("Wechatpay-Nonce", "a")
        .with_body("b");
    t.add("a shifted boundary", 401, "signature_invalid", shifted);
    let short = t.payment().with_header("Wechatpay-Signature", "QUJD");
    t.add("a signature of three bytes", 401, "signature_invalid", short);
    let zeros = t
        .payment()
        .with_header("Wechatpay-Signature", format!("{}AA==", "A".repeat(340)));
    t.add("a signature of zeros", 401, "signature_invalid", zeros);
}

fn envelopes(t: &mut Table) {
    let text = t.text();
    let raw: Vec<(&str, Bytes)> = vec![
        ("that is empty", Bytes::new()),
        ("that is no JSON", Bytes::from_static(b"<xml></xml>")),
        ("that is null", Bytes::from_static(b"null")),
        ("that is a list", Bytes::from_static(b"[]")),
        ("that is an empty object", Bytes::from_static(b"{}")),
        ("that is cut off", text[..text.len() - 2].to_owned().into()),
        ("with a second document", format!("{text}{{}}").into()),
        ("with a BOM", format!("\u{FEFF}{text}").into()),
        (
            "that is not UTF-8",
            [b"{\"id\":\"\xFF\"}".as_slice()].concat().into(),
        ),
        (
            "nested 40 levels deep",
            text.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(40), "]".repeat(40)), 1)
                .into(),
        ),
        ("with two ids", text.replacen('{', "{\"id\":\"other\",", 1).into()),
        (
            "with two resources",
            text.replacen('{', "{\"resource\":null,", 1).into(),
        ),
    ];
    for (name, body) in raw {
        t.add(
            format!("an envelope {name}"),
            400,
            "envelope_malformed",
            t.builder().body(body).build(),
        );
    }
    type Change = fn(&mut Value);
    let changes: Vec<(&str, Change)> = vec![
        ("without id", |e| drop(e.as_object_mut().unwrap().remove("id"))),
        ("without event type", |e| {
            drop(e.as_object_mut().unwrap().remove("event_type"));
        }),
        ("without resource", |e| {
            drop(e.as_object_mut().unwrap().remove("resource"));
        }),
        ("with a null resource", |e| e["resource"] = Value::Null),
        ("with a list as resource", |e| e["resource"] = json!([])),
        ("without algorithm", |e| {
            drop(e["resource"].as_object_mut().unwrap().remove("algorithm"));
        }),
        ("without ciphertext", |e| {
            drop(e["resource"].as_object_mut().unwrap().remove("ciphertext"));
        }),
        ("without nonce", |e| {
            drop(e["resource"].as_object_mut().unwrap().remove("nonce"));
        }),
        ("with a number as id", |e| e["id"] = json!(1)),
        ("with an empty id", |e| e["id"] = json!("")),
        ("with an id of 65 characters", |e| e["id"] = json!("i".repeat(65))),
        ("with a line end in the id", |e| e["id"] = json!("a\nb")),
        ("with a number as event type", |e| e["event_type"] = json!(1)),
        ("with a blank in the event type", |e| {
            e["event_type"] = json!("TRANSACTION. SUCCESS");
        }),
        ("with another resource type", |e| {
            e["resource_type"] = json!("plain-resource");
        }),
        ("with a number as associated data", |e| {
            e["resource"]["associated_data"] = json!(1);
        }),
    ];
    for (name, change) in changes {
        t.add(
            format!("an envelope {name}"),
            400,
            "envelope_malformed",
            t.enveloped(change),
        );
    }
}

fn sealing(t: &mut Table) {
    for algorithm in ["AEAD_SM4_GCM", "aead_aes_256_gcm", "AES-CBC", "none", ""] {
        let delivery = t.builder().algorithm(algorithm).build();
        t.add(
            format!("sealed with {algorithm:?}"),
            400,
            "resource_algorithm_unsupported",
            delivery,
        );
    }
    for length in [0, 1, 11, 13, 16, 64] {
        let delivery = t
            .builder()
            .ciphertext("QUJD".repeat(10))
            .resource_nonce(&"n".repeat(length))
            .build();
        t.add(
            format!("a resource nonce of {length} bytes"),
            400,
            "envelope_malformed",
            delivery,
        );
    }
    let sealed = {
        let envelope: Value = serde_json::from_slice(&t.payment().body).unwrap();
        envelope["resource"]["ciphertext"].as_str().unwrap().to_owned()
    };
    let ciphertexts = [
        ("that is empty", String::new()),
        ("of 15 bytes", "QUJDREVGR0hJSktMTU5P".into()),
        ("that is a tag only", "QUJDREVGR0hJSktMTU5PUA==".into()),
        ("in the url-safe alphabet", "-_-_".repeat(20)),
        ("without padding", "QUJDREVGR0hJSktMTU5PUFFSUw".into()),
        (
            "with a blank inside",
            format!("{} {}", &sealed[..4], &sealed[4..]),
        ),
        (
            "with a line end inside",
            format!("{}\n{}", &sealed[..4], &sealed[4..]),
        ),
    ];
    for (name, ciphertext) in ciphertexts {
        t.add(
            format!("a ciphertext {name}"),
            400,
            "envelope_malformed",
            t.builder().ciphertext(ciphertext).build(),
        );
    }
    // Signed by the platform and yet not to be opened: our key is wrong, which needs a human.
    let other = t.platform.seal("nonce0000001", "transaction", b"{}".to_vec());
    let unopenable: Vec<(&str, Delivery)> = vec![
        (
            "under another nonce",
            t.builder()
                .ciphertext(STANDARD.encode(&other))
                .resource_nonce("nonce0000002")
                .build(),
        ),
        (
            "under other associated data",
            t.enveloped(|e| e["resource"]["associated_data"] = json!("refund")),
        ),
        (
            "with its associated data missing",
            t.enveloped(|e| drop(e["resource"].as_object_mut().unwrap().remove("associated_data"))),
        ),
        (
            "with one bit changed",
            t.enveloped(|e| {
                let sealed = e["resource"]["ciphertext"].as_str().unwrap().to_owned();
                let first = if sealed.starts_with('A') { "B" } else { "A" };
                e["resource"]["ciphertext"] = json!(format!("{first}{}", &sealed[1..]));
            }),
        ),
        (
            "with a tag of zeros",
            t.builder().ciphertext("A".repeat(64)).build(),
        ),
    ];
    for (name, delivery) in unopenable {
        t.add(
            format!("a resource sealed {name}"),
            500,
            "decrypt_failed",
            delivery,
        );
    }
}

fn plaintexts(t: &mut Table) {
    let resource = t.platform.payment_resource(ORDER, 100).to_string();
    let raw: Vec<(&str, Vec<u8>)> = vec![
        ("that is not UTF-8", b"{\"mchid\":\"\xFF\"}".to_vec()),
        ("that is no JSON", b"not json at all".to_vec()),
        ("that is null", b"null".to_vec()),
        ("that is a list", b"[1,2,3]".to_vec()),
        ("that is a string", b"\"a string\"".to_vec()),
        (
            "that is cut off",
            resource.as_bytes()[..resource.len() - 1].to_vec(),
        ),
        ("with a second document", format!("{resource} {{}}").into_bytes()),
        (
            "with a NaN",
            resource.replacen('{', "{\"x\":NaN,", 1).into_bytes(),
        ),
        (
            "nested 40 levels deep",
            resource
                .replacen('{', &format!("{{\"x\":{}{},", "[".repeat(40), "]".repeat(40)), 1)
                .into_bytes(),
        ),
        (
            "with two sp_mchid",
            resource
                .replacen('{', "{\"sp_mchid\":\"1900000001\",", 1)
                .into_bytes(),
        ),
        (
            "with two amounts",
            resource
                .replacen('{', "{\"amount\":{\"total\":1},", 1)
                .into_bytes(),
        ),
        (
            "with two totals",
            resource
                .replacen("\"total\":100", "\"total\":1,\"total\":100", 1)
                .into_bytes(),
        ),
        (
            "with two order numbers",
            resource
                .replacen('{', "{\"out_trade_no\":\"ANOTHER\",", 1)
                .into_bytes(),
        ),
        (
            "with a total of 100.0",
            resource
                .replacen("\"total\":100", "\"total\":100.0", 1)
                .into_bytes(),
        ),
        (
            "with a total of 1e2",
            resource
                .replacen("\"total\":100", "\"total\":1e2", 1)
                .into_bytes(),
        ),
        (
            "with a total of twenty digits",
            resource
                .replacen("\"total\":100", "\"total\":99999999999999999999", 1)
                .into_bytes(),
        ),
    ];
    for (name, plaintext) in raw {
        t.add(
            format!("a plaintext {name}"),
            400,
            "payload_malformed",
            t.builder().plaintext(plaintext).build(),
        );
    }
    type Change = fn(&mut Value);
    let changes: Vec<(&str, Change)> = vec![
        ("with a negative total", |r| r["amount"]["total"] = json!(-1)),
        ("with a total as text", |r| r["amount"]["total"] = json!("100")),
        ("with a null total", |r| r["amount"]["total"] = Value::Null),
        ("without amount", |r| {
            drop(r.as_object_mut().unwrap().remove("amount"));
        }),
        ("without order number", |r| {
            drop(r.as_object_mut().unwrap().remove("out_trade_no"));
        }),
        ("without transaction id", |r| {
            drop(r.as_object_mut().unwrap().remove("transaction_id"));
        }),
        ("without trade state", |r| {
            drop(r.as_object_mut().unwrap().remove("trade_state"));
        }),
        ("with a number as order number", |r| r["out_trade_no"] = json!(1)),
        ("with a blank in the order number", |r| {
            r["out_trade_no"] = json!("a b");
        }),
        ("without any merchant", |r| {
            r.as_object_mut().unwrap().remove("sp_mchid");
        }),
        ("without sub-merchant", |r| {
            drop(r.as_object_mut().unwrap().remove("sub_mchid"));
        }),
        ("with merchants of both modes", |r| r["mchid"] = json!(DEMO_MCHID)),
    ];
    for (name, change) in changes {
        t.add(
            format!("a plaintext {name}"),
            400,
            "payload_malformed",
            t.changed(change),
        );
    }
}

fn kinds_and_merchants(t: &mut Table) {
    t.add(
        "a refund on the payment route",
        400,
        "type_mismatch",
        t.platform.refund(ORDER, "R-1", 100),
    );
    let resource = t.platform.payment_resource(ORDER, 100);
    for (event_type, original_type) in [
        ("TRANSACTION.SUCCESS", "profitsharing"),
        ("TRANSACTION.SUCCESS", "refund"),
        ("TRANSACTION.FAIL", "transaction"),
        ("REFUND.SUCCESS", "transaction"),
        ("transaction.success", "transaction"),
        ("TRANSACTION.SUCCESS.", "transaction"),
        ("SECURITY_ECHO.SUCCESS", "security"),
        ("MCHWITHDRAW.CHANGE", "mch_withdraw"),
        ("BRAND.NEW", "brand_new"),
    ] {
        let delivery = t.platform.delivery(event_type, original_type, &resource).build();
        t.add(
            format!("{event_type} of {original_type} on the payment route"),
            400,
            "type_mismatch",
            delivery,
        );
    }
    let combined = json!({
        "combine_mchid": DEMO_MCHID, "combine_appid": DEMO_APPID, "combine_out_trade_no": ORDER,
        "sub_orders": [{ "mchid": DEMO_MCHID, "out_trade_no": "1", "transaction_id": "1", "amount": { "total_amount": 1 } }],
    });
    let delivery = t
        .platform
        .delivery("TRANSACTION.SUCCESS", "transaction", &combined)
        .build();
    t.add(
        "a combined order on the payment route",
        400,
        "type_mismatch",
        delivery,
    );

    type Change = fn(&mut Value);
    let changes: Vec<(&str, Change)> = vec![
        ("another provider", |r| r["sp_mchid"] = json!("1900000002")),
        ("another sub-merchant", |r| r["sub_mchid"] = json!("1900000999")),
        ("another app", |r| r["sp_appid"] = json!("wx0000000000000000")),
        ("a direct merchant that is another", |r| {
            r.as_object_mut().unwrap().remove("sp_mchid");
            r["mchid"] = json!("1900000002");
        }),
        ("a provider with a leading zero", |r| {
            r["sp_mchid"] = json!("01900000001");
        }),
        ("a provider with a blank", |r| {
            r["sp_mchid"] = json!("1900000001 ");
        }),
        ("a combined order of another merchant", |r| {
            *r = json!({ "combine_mchid": "1900000002", "combine_out_trade_no": "1", "sub_orders": [] });
        }),
    ];
    for (name, change) in changes {
        t.add(
            format!("a payment to {name}"),
            403,
            "wrong_merchant",
            t.changed(change),
        );
    }
}

//! Envelopes, encrypted resources, plaintexts, kinds and merchants.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use wechatpay_core::testing::{DEMO_APPID, DEMO_MCHID, Delivery};

use super::{ORDER, Table};

pub(super) fn envelopes(t: &mut Table) {
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

pub(super) fn sealing(t: &mut Table) {
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

pub(super) fn plaintexts(t: &mut Table) {
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

pub(super) fn kinds_and_merchants(t: &mut Table) {
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

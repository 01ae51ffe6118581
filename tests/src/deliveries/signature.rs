//! Signatures over the body.

use bytes::Bytes;
use serde_json::Value;
use wechatpay_core::testing::DemoKey;

use super::Table;

pub(super) fn signatures(t: &mut Table) {
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

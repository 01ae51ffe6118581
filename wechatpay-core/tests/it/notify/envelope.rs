//! The JSON around the encrypted resource.

use serde_json::{Value, json};

use super::{CANARY, rigs};

#[tokio::test]
async fn a_malformed_envelope_is_400() {
    for rig in rigs() {
        let body = |text: &str| rig.builder().body(text.to_owned()).build();
        let genuine = String::from_utf8(rig.genuine().body.to_vec()).unwrap();
        let envelope: Value = serde_json::from_str(&genuine).unwrap();
        let without = |path: &str| {
            let mut envelope = envelope.clone();
            let (parent, key) = path.rsplit_once('/').unwrap();
            envelope
                .pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(key);
            body(&envelope.to_string())
        };
        let with = |path: &str, value: Value| {
            let mut envelope = envelope.clone();
            *envelope.pointer_mut(path).unwrap() = value;
            body(&envelope.to_string())
        };
        let twice = |key: &str| body(&genuine.replacen('{', &format!("{{\"{key}\":\"x\","), 1));
        let resource = &envelope["resource"];
        let as_list = json!([
            envelope["id"],
            envelope["create_time"],
            envelope["event_type"],
            envelope["resource_type"],
            envelope["summary"],
            resource,
        ]);
        let resource_as_list = json!([
            resource["algorithm"],
            resource["ciphertext"],
            resource["nonce"],
            resource["associated_data"],
            resource["original_type"],
        ]);
        let mut not_utf8 = genuine.clone().into_bytes();
        let at = genuine.find(CANARY).unwrap();
        not_utf8[at] = 0xFF;
        let deep = |levels: usize| {
            let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            body(&genuine.replacen('{', &format!("{{\"added_later\":{nested},"), 1))
        };
        rig.expect(
            400,
            "envelope_malformed",
            vec![
                ("nothing", body("")),
                ("no JSON", body(CANARY)),
                ("HTML", body("<html></html>")),
                ("null", body("null")),
                ("a list", body("[]")),
                ("a list of the right values", body(&as_list.to_string())),
                ("a string", body(&format!("\"{CANARY}\""))),
                ("an empty object", body("{}")),
                ("half", body(&genuine[..genuine.len() / 2])),
                ("two documents", body(&format!("{genuine}{genuine}"))),
                ("text behind it", body(&format!("{genuine} {CANARY}"))),
                ("a byte order mark", body(&format!("\u{FEFF}{genuine}"))),
                ("not UTF-8", rig.builder().body(not_utf8).build()),
                ("too deep", deep(32)),
                ("absurdly deep", deep(60_000)),
                ("without id", without("/id")),
                ("without event_type", without("/event_type")),
                ("without resource", without("/resource")),
                ("without algorithm", without("/resource/algorithm")),
                ("without ciphertext", without("/resource/ciphertext")),
                ("without nonce", without("/resource/nonce")),
                ("id null", with("/id", Value::Null)),
                ("id empty", with("/id", json!(""))),
                ("id of 65 characters", with("/id", json!("x".repeat(65)))),
                ("id with a blank", with("/id", json!("a b"))),
                ("id with a line end", with("/id", json!("a\nb"))),
                ("id in Chinese", with("/id", json!("支付"))),
                ("id a number", with("/id", json!(1))),
                ("event_type empty", with("/event_type", json!(""))),
                ("event_type with a line end", with("/event_type", json!("A\nB"))),
                ("event_type endless", with("/event_type", json!("A".repeat(65)))),
                (
                    "another resource_type",
                    with("/resource_type", json!("plain-resource")),
                ),
                ("resource_type a number", with("/resource_type", json!(1))),
                ("resource null", with("/resource", Value::Null)),
                ("resource a string", with("/resource", json!(CANARY))),
                ("resource a list", with("/resource", resource_as_list)),
                (
                    "original_type a number",
                    with("/resource/original_type", json!(1)),
                ),
                ("id twice", twice("id")),
                ("event_type twice", twice("event_type")),
                ("resource twice", twice("resource")),
            ],
        )
        .await;
        rig.accept(vec![
            ("in another order", {
                let mut members: Vec<_> = envelope.as_object().unwrap().iter().collect();
                members.reverse();
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{}:{value}", json!(key)))
                    .collect();
                body(&format!("{{{}}}", members.join(",")))
            }),
            (
                "with escapes and blanks",
                body(&format!(
                    " \n{}\t",
                    genuine.replace("/", "\\/").replace("id", "\\u0069d")
                )),
            ),
            ("without create_time", without("/create_time")),
            ("create_time no time", with("/create_time", json!(CANARY))),
            ("create_time an object", with("/create_time", json!({}))),
            ("create_time twice", twice("create_time")),
            ("summary a list", with("/summary", json!([]))),
            ("without summary", without("/summary")),
            ("without resource_type", without("/resource_type")),
            ("with more members", with("/summary", json!("x"))),
            ("as deep as allowed", deep(31)),
            (
                "an unknown member twice",
                body(&genuine.replacen('{', "{\"x\":1,\"x\":2,", 1)),
            ),
        ])
        .await;
    }
}

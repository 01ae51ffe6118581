//! The decrypted resource: required members and their types.

use serde_json::{Value, json};
use wechatpay_core::{
    api::refunds::RefundNotice,
    notify::NotificationError,
    testing::{DEMO_MCHID, DEMO_SUB_MCHID},
};

use super::{CANARY, ORDER, receive, rigs};

#[tokio::test]
async fn a_resource_that_is_not_one_json_object_is_400() {
    for rig in rigs() {
        let genuine = rig.canary_resource().to_string();
        let twice = |key: &str, value: Value| {
            rig.with_text(genuine.replacen('{', &format!("{{\"{key}\":{value},"), 1))
        };
        let deep = |levels: usize| {
            let nested = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            rig.with_text(genuine.replacen('{', &format!("{{\"deep\":{nested},"), 1))
        };
        let mut not_utf8 = genuine.clone().into_bytes();
        not_utf8[genuine.find(CANARY).unwrap()] = 0xFF;
        rig.expect(
            400,
            "payload_malformed",
            vec![
                ("no JSON", rig.with_text(CANARY)),
                ("NaN", rig.with_text("NaN")),
                ("null", rig.with_text("null")),
                ("a number", rig.with_text("1")),
                ("a string", rig.with_text(format!("\"{CANARY}\""))),
                ("a list", rig.with_text(format!("[{genuine}]"))),
                (
                    "a list of nulls",
                    rig.with_text("[null,null,null,null,null,null,null,null]"),
                ),
                ("an empty object", rig.with_text("{}")),
                ("half", rig.with_text(&genuine[..genuine.len() / 2])),
                ("two documents", rig.with_text(format!("{genuine}{genuine}"))),
                ("text behind it", rig.with_text(format!("{genuine}{CANARY}"))),
                ("a byte order mark", rig.with_text(format!("\u{FEFF}{genuine}"))),
                ("not UTF-8", rig.with_text(not_utf8)),
                ("a NUL behind it", rig.with_text(format!("{genuine}\0"))),
                ("too deep", deep(32)),
                ("absurdly deep", deep(60_000)),
                ("out_trade_no twice", twice("out_trade_no", json!(ORDER))),
                ("trade_state twice", twice("trade_state", json!("SUCCESS"))),
                ("amount twice", twice("amount", json!({ "total": 1 }))),
                ("sp_mchid twice", twice("sp_mchid", json!(DEMO_MCHID))),
            ],
        )
        .await;
        rig.accept(vec![
            ("as deep as allowed", deep(31)),
            ("an unknown member twice", twice("added_later", json!(CANARY))),
            ("payer twice", twice("payer", json!({}))),
            ("with blanks", rig.with_text(format!("\n {genuine} \n"))),
        ])
        .await;
    }
}

#[tokio::test]
async fn money_is_a_non_negative_integer_in_the_json_too() {
    for rig in rigs() {
        let genuine = rig.canary_resource().to_string();
        assert!(genuine.contains("\"total\":100"));
        let total =
            |text: &str| rig.with_text(genuine.replacen("\"total\":100", &format!("\"total\":{text}"), 1));
        let bad = [
            "1.0",
            "100.00",
            "1e2",
            "1E2",
            "-1",
            "-0.0",
            "\"100\"",
            "null",
            "true",
            "[]",
            "{}",
            "9223372036854775808",
            "99999999999999999999",
            "1e400",
            "NaN",
            "Infinity",
            "0x64",
            "0100",
            "+100",
            "",
        ];
        rig.expect(
            400,
            "payload_malformed",
            bad.map(|text| (text, total(text))).into(),
        )
        .await;
        rig.accept(
            ["0", "1", "9223372036854775807"]
                .map(|text| (text, total(text)))
                .into(),
        )
        .await;
    }
}

#[tokio::test]
async fn a_payment_without_a_required_member_is_400() {
    for rig in rigs() {
        let without = |key: &'static str| {
            let delivery = rig.with_resource(|resource| {
                resource.as_object_mut().unwrap().remove(key);
            });
            (key, delivery)
        };
        let keys = [
            "out_trade_no",
            "trade_state",
            "transaction_id",
            "amount",
            "sub_mchid",
            "sp_mchid",
        ];
        rig.expect(400, "payload_malformed", keys.map(without).into())
            .await;
        rig.expect(
            400,
            "payload_malformed",
            vec![
                (
                    "sp_mchid beside mchid",
                    rig.with_resource(|resource| resource["mchid"] = json!(DEMO_MCHID)),
                ),
                (
                    "an empty amount",
                    rig.with_resource(|resource| resource["amount"] = json!({})),
                ),
                (
                    "an empty transaction_id",
                    rig.with_resource(|resource| resource["transaction_id"] = json!("")),
                ),
                (
                    "an order number with a blank",
                    rig.with_resource(|resource| resource["out_trade_no"] = json!("a b")),
                ),
                (
                    "a mchid that is a number",
                    rig.with_resource(|resource| resource["sp_mchid"] = json!(1_900_000_001)),
                ),
            ],
        )
        .await;
        rig.accept(vec![
            without("attach"),
            without("payer"),
            without("scene_info"),
            without("bank_type"),
            without("success_time"),
            without("trade_type"),
            without("trade_state_desc"),
            (
                "empty strings",
                rig.with_resource(|resource| {
                    for key in [
                        "attach",
                        "bank_type",
                        "success_time",
                        "trade_type",
                        "sub_appid",
                        "mchid",
                        "appid",
                    ] {
                        resource[key] = json!("");
                    }
                }),
            ),
            (
                "nulls",
                rig.with_resource(|resource| {
                    for key in [
                        "attach",
                        "payer",
                        "scene_info",
                        "promotion_detail",
                        "mchid",
                        "appid",
                        "trade_state_desc",
                    ] {
                        resource[key] = Value::Null;
                    }
                }),
            ),
        ])
        .await;
    }
}

#[tokio::test]
async fn a_refund_names_a_merchant_like_a_payment_does() {
    for rig in rigs() {
        let genuine = json!({
            "sp_mchid": DEMO_MCHID, "sub_mchid": DEMO_SUB_MCHID, "out_trade_no": ORDER, "transaction_id": "42",
            "out_refund_no": "R1", "refund_id": "50", "refund_status": "SUCCESS",
            "amount": { "total": 1, "refund": 1, "payer_total": 1, "payer_refund": 1 },
        });
        let decode = async |change: &dyn Fn(&mut Value)| {
            let mut resource = genuine.clone();
            change(&mut resource);
            let delivery = rig
                .platform
                .delivery("REFUND.SUCCESS", "refund", &resource)
                .build();
            let refund = receive(&rig.receiver, &delivery)
                .await?
                .decode::<RefundNotice>()?;
            Ok::<_, NotificationError>(refund.into_inner())
        };
        assert!(decode(&|_| {}).await.is_ok(), "{}", rig.name);
        let direct = |resource: &mut Value| {
            resource
                .as_object_mut()
                .unwrap()
                .retain(|key, _| !key.ends_with("p_mchid") && key != "sub_mchid");
            resource["mchid"] = json!(DEMO_MCHID);
        };
        assert!(decode(&direct).await.is_ok(), "{}", rig.name);
        let without = |key: &'static str| {
            move |resource: &mut Value| drop(resource.as_object_mut().unwrap().remove(key))
        };
        let both = |resource: &mut Value| resource["mchid"] = json!(DEMO_MCHID);
        let changes: [&dyn Fn(&mut Value); 4] = [
            &without("sp_mchid"),
            &without("sub_mchid"),
            &without("refund_status"),
            &both,
        ];
        for change in changes {
            let error = decode(change).await.unwrap_err();
            assert_eq!(error.code(), "payload_malformed", "{}", rig.name);
        }
    }
}

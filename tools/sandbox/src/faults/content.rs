//! Spoils what a response or a notification says, before it is signed.

use serde_json::{Map, Value, json};

use super::Fault;

/// Keys that may be missing in one response or another.
const OPTIONAL: [&str; 12] = [
    "attach",
    "bank_type",
    "payer",
    "payer_currency",
    "payer_total",
    "promotion_detail",
    "scene_info",
    "sub_appid",
    "sub_openid",
    "success_time",
    "trade_type",
    "user_received_account",
];
/// Keys whose values are words of a list that grows.
const WORDS: [&str; 9] = [
    "bank_type",
    "channel",
    "funds_account",
    "refund_status",
    "result",
    "state",
    "status",
    "trade_state",
    "trade_type",
];
/// Keys whose values are amounts.
const AMOUNTS: [&str; 9] = [
    "amount",
    "payer_amount",
    "payer_refund",
    "payer_total",
    "refund",
    "settlement_refund",
    "settlement_total",
    "total",
    "total_amount",
];
/// A word that no page names.
const UNKNOWN: &str = "SANDBOX_UNKNOWN";
/// Error of a falsified amount, in fen.
const LIE: i64 = 1;

/// Spoils JSON. Texts that are no JSON, or have nothing to spoil, stay unchanged.
pub(crate) fn spoil(fault: Fault, json: &mut Value) {
    match fault {
        Fault::UnknownField => {
            if let Some(object) = json.as_object_mut() {
                object.insert(
                    "sandbox_unknown_field".to_owned(),
                    json!({ "nested": [1, null, "x"] }),
                );
            }
        }
        Fault::UnknownEnum => walk(json, &mut |object| {
            for key in WORDS {
                if let Some(Value::String(word)) = object.get_mut(key) {
                    UNKNOWN.clone_into(word);
                }
            }
        }),
        Fault::MissingOptional => walk(json, &mut |object| {
            object.retain(|key, _| !OPTIONAL.contains(&key.as_str()));
        }),
        Fault::NullOptional => walk(json, &mut |object| {
            for key in OPTIONAL {
                if let Some(value) = object.get_mut(key) {
                    *value = Value::Null;
                }
            }
        }),
        Fault::NumberAsString => amounts(json, &|number| json!(number.to_string())),
        Fault::WrongAmount => amounts(json, &|number| json!(number.saturating_add(LIE))),
        Fault::WrongMchid => replace(
            json,
            &["mchid", "sp_mchid", "sub_mchid", "combine_mchid"],
            "1999999999",
        ),
        Fault::WrongAppid => replace(
            json,
            &["appid", "sp_appid", "sub_appid", "combine_appid"],
            "wx0000000000000000",
        ),
        Fault::OtherPayload => {
            replace(
                json,
                &["out_trade_no", "combine_out_trade_no", "out_refund_no"],
                "another-number",
            );
            replace(json, &["transaction_id"], "4200000000202601010000000000");
        }
        _ => {}
    }
}

/// Every object, outer ones first.
fn walk(json: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match json {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|value| walk(value, change));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| walk(value, change)),
        _ => {}
    }
}

fn amounts(json: &mut Value, change: &dyn Fn(i64) -> Value) {
    walk(json, &mut |object| {
        for key in AMOUNTS {
            if let Some(value) = object.get_mut(key)
                && let Some(number) = value.as_i64()
            {
                *value = change(number);
            }
        }
    });
}

fn replace(json: &mut Value, keys: &[&str], text: &str) {
    walk(json, &mut |object| {
        for key in keys {
            if let Some(Value::String(value)) = object.get_mut(*key) {
                text.clone_into(value);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoiled(fault: Fault) -> Value {
        let mut json = json!({
            "mchid": "1", "appid": "wx1", "out_trade_no": "n", "attach": "a", "trade_state": "SUCCESS",
            "amount": { "total": 990, "payer_total": 990, "currency": "CNY" },
            "sub_orders": [{ "amount": { "total_amount": 5 }, "bank_type": "OTHERS" }],
        });
        spoil(fault, &mut json);
        json
    }

    #[test]
    fn each_fault_spoils_what_it_says_and_leaves_the_rest() {
        assert!(spoiled(Fault::UnknownField)["sandbox_unknown_field"].is_object());
        let json = spoiled(Fault::UnknownEnum);
        assert_eq!(json["trade_state"], UNKNOWN);
        assert_eq!(json["sub_orders"][0]["bank_type"], UNKNOWN);
        assert_eq!(json["amount"]["currency"], "CNY");
        let json = spoiled(Fault::MissingOptional);
        assert!(json.get("attach").is_none() && json["amount"].get("payer_total").is_none());
        assert_eq!(json["amount"]["total"], 990);
        assert_eq!(spoiled(Fault::NullOptional)["attach"], Value::Null);
        let json = spoiled(Fault::NumberAsString);
        assert_eq!(json["amount"]["total"], "990");
        assert_eq!(json["sub_orders"][0]["amount"]["total_amount"], "5");
        assert_eq!(spoiled(Fault::WrongAmount)["amount"]["total"], 991);
        assert_eq!(spoiled(Fault::WrongMchid)["mchid"], "1999999999");
        assert_eq!(spoiled(Fault::WrongAppid)["appid"], "wx0000000000000000");
        assert_eq!(spoiled(Fault::OtherPayload)["out_trade_no"], "another-number");
        assert_eq!(spoiled(Fault::Hang), spoiled(Fault::Reset));
    }
}

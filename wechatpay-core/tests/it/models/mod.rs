//! Models: exact keys of requests, lenient parsing of responses.

mod errors;
mod ids;
mod orders;
mod transactions;

use serde::de::DeserializeOwned;
use serde_json::Value;
use wechatpay_core::{
    api::Endpoint,
    types::{Appid, Fen, Mchid, OutTradeNo},
};

const APPID: &str = "wxd678efh567hg6787";
const SUB_APPID: &str = "wx2421b1c4370ec43b";
const MCHID: &str = "1900000001";
const SUB_MCHID: &str = "1900000109";
const ORDER: &str = "1217752501201407033233368018";
const OPENID: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
const NOTIFY_URL: &str = "https://shop.example/notify";

fn appid() -> Appid {
    APPID.parse().unwrap()
}

fn mchid() -> Mchid {
    MCHID.parse().unwrap()
}

fn sub_mchid() -> Mchid {
    SUB_MCHID.parse().unwrap()
}

fn order() -> OutTradeNo {
    ORDER.parse().unwrap()
}

fn fen(fen: u32) -> Fen {
    Fen::from(fen)
}

/// Merges two objects.
fn merged(one: Value, other: Value) -> Value {
    let (Value::Object(mut one), Value::Object(other)) = (one, other) else {
        panic!("objects are merged");
    };
    one.extend(other);
    Value::Object(one)
}

fn without(mut value: Value, keys: &[&str]) -> Value {
    for key in keys {
        value.as_object_mut().unwrap().remove(*key).unwrap();
    }
    value
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

/// Returns the body as JSON and checks that it contains no `null`.
fn body<E: Endpoint>(request: &E) -> Value {
    let body = serde_json::to_value(request.body().unwrap()).unwrap();
    assert!(!has_null(&body), "{body}");
    body
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_str(&value.to_string()).unwrap()
}

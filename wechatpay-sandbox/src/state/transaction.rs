//! An order as the platform tells it: the answer of a query and the resource of a notification are the same JSON.

use serde_json::{Map, Value, json};
use wechatpay_core::types::DateTime;

use super::{order::Order, scene::Family};

/// What bank or purse paid. The platform has some hundred words here; clients must take any.
pub(crate) const BANK_TYPE: &str = "OTHERS";

/// The transaction. What is only known of a paid order is left out of an unpaid one.
pub(crate) fn transaction(order: &Order) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    match (order.family, &order.sub) {
        (Family::Partner, Some(sub)) => {
            put("sp_appid", json!(order.appid));
            put("sp_mchid", json!(order.key.mchid));
            put("sub_mchid", json!(sub.mchid));
            if let Some(appid) = &sub.appid {
                put("sub_appid", json!(appid));
            }
        }
        _ => {
            put("appid", json!(order.appid));
            put("mchid", json!(order.key.mchid));
        }
    }
    put("out_trade_no", json!(order.key.out_trade_no));
    put("trade_state", json!(order.state.as_str()));
    put("trade_state_desc", json!(order.state.description()));
    if let Some(attach) = &order.attach {
        put("attach", json!(attach));
    }
    put("payer", payer(order));
    if let Some(device_id) = &order.device_id {
        put("scene_info", json!({ "device_id": device_id }));
    }
    put("promotion_detail", json!([]));
    if let Some(payment) = &order.payment {
        put("transaction_id", json!(payment.transaction_id));
        put("trade_type", json!(order.scene.trade_type()));
        put("bank_type", json!(BANK_TYPE));
        put("success_time", json!(rfc3339(payment.at)));
        put(
            "amount",
            json!({
                "total": order.total,
                "payer_total": order.total,
                "currency": "CNY",
                "payer_currency": "CNY",
            }),
        );
    }
    Value::Object(json)
}

fn payer(order: &Order) -> Value {
    let (openid, sub_openid) = order.payer_openids();
    let key = match order.family {
        Family::Direct => "openid",
        Family::Partner => "sp_openid",
    };
    let mut payer = Map::new();
    if let Some(openid) = openid {
        payer.insert(key.to_owned(), Value::String(openid));
    }
    if let Some(openid) = sub_openid {
        payer.insert("sub_openid".to_owned(), Value::String(openid));
    }
    Value::Object(payer)
}

/// An instant as the platform writes it.
pub(crate) fn rfc3339(unix_seconds: i64) -> String {
    DateTime::from_unix_seconds(unix_seconds).map_or_else(|_| String::new(), |at| at.to_string())
}

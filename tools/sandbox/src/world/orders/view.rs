//! An order in the platform's words, for queries and notifications.

use crate::world::clock::rfc3339;
use serde_json::{Map, Value, json};

use crate::world::orders::{scene::Family, state::Order};

/// Bank or purse of a payment.
///
/// The platform has some hundred values here; clients must accept any.
pub(crate) const BANK_TYPE: &str = "OTHERS";

/// The response of a query. An unpaid order has price and scene, but no payer.
pub(crate) fn transaction(order: &Order) -> Value {
    let mut json = common(order);
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("promotion_detail", json!([]));
    if order.payment.is_none() {
        put(
            "amount",
            json!({ "total": order.total, "currency": "CNY", "payer_currency": "CNY" }),
        );
        let device_id = order.device_id.as_deref().unwrap_or_default();
        put("scene_info", json!({ "device_id": device_id }));
    }
    Value::Object(json)
}

/// The resource of a notification: a query's response without promotions, as there are none.
pub(crate) fn notice(order: &Order) -> Value {
    Value::Object(common(order))
}

fn common(order: &Order) -> Map<String, Value> {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    match (order.family, &order.sub) {
        (Family::Partner, Some(sub)) => {
            if !order.appid.is_empty() {
                put("sp_appid", json!(order.appid));
            }
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
    // Always there, empty if the order has none.
    put("attach", json!(order.attach.as_deref().unwrap_or_default()));
    if let Some(device_id) = &order.device_id {
        put("scene_info", json!({ "device_id": device_id }));
    }
    if let Some(payment) = &order.payment {
        put("transaction_id", json!(payment.transaction_id));
        put("trade_type", json!(order.scene.trade_type()));
        put("bank_type", json!(BANK_TYPE));
        put("success_time", json!(rfc3339(payment.at)));
        put("payer", payer(order));
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
    json
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

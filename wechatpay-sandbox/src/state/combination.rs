//! A combined order as the platform tells it: the answer of a query and the resource of a notification are the same JSON.

use serde_json::{Map, Value, json};

use super::{
    order::Order,
    transaction::{BANK_TYPE, rfc3339},
};

/// The combined order with its items. What is only known of a paid one is left out of an unpaid one.
pub(crate) fn combination(order: &Order, items: &[Order]) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("combine_appid", json!(order.appid));
    put("combine_mchid", json!(order.key.mchid));
    put("combine_out_trade_no", json!(order.key.out_trade_no));
    if let Some(payment) = &order.payment {
        put("combine_transaction_id", json!(payment.transaction_id));
    }
    if let Some(device_id) = &order.device_id {
        put("scene_info", json!({ "device_id": device_id }));
    }
    if let (Some(openid), _) = order.payer_openids() {
        put("combine_payer_info", json!({ "openid": openid }));
    }
    if let Some(scenario) = order.request.pointer("/trade_scenario") {
        put("trade_scenario", scenario.clone());
    }
    put("sub_orders", items.iter().map(item).collect());
    Value::Object(json)
}

fn item(order: &Order) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("mchid", json!(order.key.mchid));
    put("out_trade_no", json!(order.key.out_trade_no));
    put("trade_state", json!(order.state.as_str()));
    if let Some(attach) = &order.attach {
        put("attach", json!(attach));
    }
    if let Some(sub) = &order.sub {
        put("sub_mchid", json!(sub.mchid));
        if let Some(appid) = &sub.appid {
            put("sub_appid", json!(appid));
        }
    }
    for key in ["individual_auth_id", "individual_name"] {
        if let Some(value) = order.request.get(key) {
            put(key, value.clone());
        }
    }
    put("promotion_detail", json!([]));
    if let Some(payment) = &order.payment {
        put("transaction_id", json!(payment.transaction_id));
        put("trade_type", json!(order.scene.trade_type()));
        put("bank_type", json!(BANK_TYPE));
        put("success_time", json!(rfc3339(payment.at)));
        if let (_, Some(sub_openid)) = order.payer_openids() {
            put("sub_openid", json!(sub_openid));
        }
        put(
            "amount",
            json!({
                "total_amount": order.total,
                "currency": "CNY",
                "payer_amount": order.total,
                "payer_currency": "CNY",
            }),
        );
    }
    Value::Object(json)
}

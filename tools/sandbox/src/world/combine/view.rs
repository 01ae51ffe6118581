//! A combined order in the platform's words, for queries and notifications.

use serde_json::{Map, Value, json};

use crate::world::clock::rfc3339;
use crate::world::orders::{state::Order, view::BANK_TYPE};

/// The response of a query. An unpaid order lacks the members of a payment.
pub(crate) fn combination(order: &Order, items: &[Order]) -> Value {
    let with_promotions = |order: &Order| {
        let mut json = item(order);
        json.insert("promotion_detail".to_owned(), json!([]));
        Value::Object(json)
    };
    whole(order, items.iter().map(with_promotions).collect())
}

/// The resource of a notification: a query's response without promotions, as there are none.
pub(crate) fn combined_notice(order: &Order, items: &[Order]) -> Value {
    whole(order, items.iter().map(item).map(Value::Object).collect())
}

fn whole(order: &Order, items: Value) -> Value {
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
        put("trade_scenario", scenario);
    }
    put("sub_orders", items);
    Value::Object(json)
}

fn item(order: &Order) -> Map<String, Value> {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("mchid", json!(order.key.mchid));
    put("out_trade_no", json!(order.key.out_trade_no));
    put("trade_state", json!(order.state.as_str()));
    put("attach", json!(order.attach.as_deref().unwrap_or_default()));
    if let Some(sub) = &order.sub {
        put("sub_mchid", json!(sub.mchid));
        if let Some(appid) = &sub.appid {
            put("sub_appid", json!(appid));
        }
    }
    for key in ["individual_auth_id", "individual_name"] {
        if let Some(value) = order.request.pointer(&format!("/{key}")) {
            put(key, value);
        }
    }
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
    json
}

//! A refund as a response tells it.

use serde_json::{Map, Value, json};

use crate::world::{
    clock::rfc3339,
    refunds::state::{Refund, RefundFamily, RefundState},
};

/// The ordinary family's response to all calls.
pub(crate) fn ordinary(refund: &Refund) -> Value {
    let mut json = common(refund);
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put(
        "amount",
        with_sources(
            refund,
            json!({
                "total": refund.total,
                "refund": refund.amount,
                "payer_total": refund.total,
                "payer_refund": refund.amount,
                "settlement_total": refund.total,
                "settlement_refund": refund.amount,
                "discount_refund": 0,
                "currency": "CNY",
            }),
        ),
    );
    Value::Object(json)
}

/// The e-commerce family's response to a query.
pub(crate) fn ecommerce(refund: &Refund) -> Value {
    let mut json = common(refund);
    json.insert("amount".to_owned(), ecommerce_amount(refund));
    json.insert("refund_account".to_owned(), json!(refund_account(refund)));
    Value::Object(json)
}

/// The e-commerce family's response to an application.
///
/// It has no state, so that nobody takes acceptance for success.
pub(crate) fn ecommerce_applied(refund: &Refund) -> Value {
    json!({
        "refund_id": refund.refund_id,
        "out_refund_no": refund.key.out_refund_no,
        "create_time": rfc3339(refund.created_at),
        "amount": ecommerce_amount(refund),
        "promotion_detail": [],
        "refund_account": refund_account(refund),
    })
}

fn common(refund: &Refund) -> Map<String, Value> {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("refund_id", json!(refund.refund_id));
    put("out_refund_no", json!(refund.key.out_refund_no));
    put("transaction_id", json!(refund.transaction_id));
    put("out_trade_no", json!(refund.order.out_trade_no));
    put("channel", json!(refund.channel));
    put("user_received_account", json!(refund.received_account));
    put("create_time", json!(rfc3339(refund.created_at)));
    if refund.state == RefundState::Success {
        put("success_time", json!(rfc3339(refund.changed_at)));
    }
    put("status", json!(refund.state.as_str()));
    put(
        "funds_account",
        json!(
            refund
                .request
                .text("/funds_account")
                .as_deref()
                .unwrap_or("UNSETTLED")
        ),
    );
    put("promotion_detail", json!([]));
    json
}

fn ecommerce_amount(refund: &Refund) -> Value {
    let mut amount = json!({
        "refund": refund.amount,
        "payer_refund": refund.amount,
        "discount_refund": 0,
        "currency": "CNY",
    });
    if refund.is_advanced()
        && let Some(amount) = amount.as_object_mut()
    {
        amount.insert("advance".to_owned(), json!(refund.amount));
    }
    with_sources(refund, amount)
}

/// Adds the requested sources of the money.
fn with_sources(refund: &Refund, mut amount: Value) -> Value {
    if let (Some(amount), Some(from)) = (amount.as_object_mut(), refund.request.pointer("/amount/from")) {
        amount.insert("from".to_owned(), from);
    }
    amount
}

fn refund_account(refund: &Refund) -> String {
    let named = refund.request.text("/refund_account");
    named.unwrap_or_else(|| "REFUND_SOURCE_SUB_MERCHANT".to_owned())
}

/// The resource of a notification. The state stands under another name than in a response.
pub(crate) fn resource(refund: &Refund) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    match &refund.sub_mchid {
        Some(sub_mchid) => {
            put("sp_mchid", json!(refund.key.mchid));
            put("sub_mchid", json!(sub_mchid));
        }
        None => match refund.request.pointer("/individual_auth_id") {
            Some(person) => {
                put("sp_mchid", json!(refund.key.mchid));
                put("individual_auth_id", person);
            }
            None => put("mchid", json!(refund.key.mchid)),
        },
    }
    put("out_trade_no", json!(refund.order.out_trade_no));
    put("transaction_id", json!(refund.transaction_id));
    put("out_refund_no", json!(refund.key.out_refund_no));
    put("refund_id", json!(refund.refund_id));
    put("refund_status", json!(refund.state.as_str()));
    if refund.state == RefundState::Success {
        put("success_time", json!(rfc3339(refund.changed_at)));
    }
    put("user_received_account", json!(refund.received_account));
    put(
        "amount",
        json!({
            "total": refund.total,
            "refund": refund.amount,
            "payer_total": refund.total,
            "payer_refund": refund.amount,
        }),
    );
    if refund.family == RefundFamily::Ecommerce {
        put("refund_account", json!(refund_account(refund)));
    }
    Value::Object(json)
}

//! A share as a response tells it.

use serde_json::{Map, Value, json};

use crate::world::{
    clock::rfc3339,
    sharing::state::{Detail, Share},
};

/// The e-commerce family's response.
///
/// A call that only released the rest has no receivers.
pub(crate) fn ecommerce(share: &Share) -> Value {
    let mut json = numbers(share);
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("status", json!(state(share)));
    match share.released {
        Some(released) => {
            put("finish_amount", json!(released));
            let description = share.request.pointer("/description");
            put("finish_description", description.unwrap_or(Value::Null));
        }
        None => put(
            "receivers",
            share
                .details
                .iter()
                .map(|detail| of_platform(share, detail))
                .collect(),
        ),
    }
    Value::Object(json)
}

/// In the words of the ordinary family.
pub(crate) fn ordinary(share: &Share) -> Value {
    let mut json = numbers(share);
    json.insert("state".to_owned(), json!(state(share)));
    let receivers = match share.released {
        // What is released goes to the payee, which stands there as a receiver like others.
        Some(released) => json!([{
            "type": "MERCHANT_ID",
            "account": share.sub_mchid.as_ref().unwrap_or(&share.key.mchid),
            "amount": released,
            "description": "解冻给分账方",
            "result": "SUCCESS",
            "create_time": rfc3339(share.created_at),
            "finish_time": rfc3339(share.created_at),
            "detail_id": share.order_id,
        }]),
        None => share
            .details
            .iter()
            .map(|detail| ordinary_detail(share, detail))
            .collect(),
    };
    json.insert("receivers".to_owned(), receivers);
    Value::Object(json)
}

/// The numbers alone: the e-commerce family's response to a release.
pub(crate) fn numbers(share: &Share) -> Map<String, Value> {
    let mut json = Map::new();
    if let Some(sub_mchid) = &share.sub_mchid {
        json.insert("sub_mchid".to_owned(), json!(sub_mchid));
    }
    for (key, text) in [
        ("transaction_id", &share.transaction_id),
        ("out_order_no", &share.key.number),
        ("order_id", &share.order_id),
    ] {
        json.insert(key.to_owned(), json!(text));
    }
    json
}

fn state(share: &Share) -> &'static str {
    if share.is_finished() {
        "FINISHED"
    } else {
        "PROCESSING"
    }
}

fn of_platform(share: &Share, detail: &Detail) -> Value {
    let mut json = common(share, detail);
    json.insert("receiver_account".to_owned(), json!(detail.receiver.account));
    if detail.receiver.kind == "MERCHANT_ID" {
        json.insert("receiver_mchid".to_owned(), json!(detail.receiver.account));
    }
    Value::Object(json)
}

fn ordinary_detail(share: &Share, detail: &Detail) -> Value {
    let mut json = common(share, detail);
    json.insert("account".to_owned(), json!(detail.receiver.account));
    json.insert("create_time".to_owned(), json!(rfc3339(share.created_at)));
    Value::Object(json)
}

fn common(share: &Share, detail: &Detail) -> Map<String, Value> {
    let mut json = Map::new();
    // The tables always have a time here; before it is over it is the one of the beginning.
    let finished_at = detail.finished_at.unwrap_or(share.created_at);
    for (key, value) in [
        ("type", json!(detail.receiver.kind)),
        ("amount", json!(detail.amount)),
        ("description", json!(detail.description)),
        ("result", json!(detail.result.as_str())),
        ("finish_time", json!(rfc3339(finished_at))),
        ("detail_id", json!(detail.detail_id)),
    ] {
        json.insert(key.to_owned(), value);
    }
    if let Some(failure) = detail.failure {
        json.insert("fail_reason".to_owned(), json!(failure.as_str()));
    }
    json
}

/// The resource of a notification to the receiver: of a share, or of a return.
pub(crate) fn resource(
    share: &Share,
    detail: &Detail,
    amount: i64,
    order_id: &str,
    number: &str,
    finished_at: i64,
) -> Value {
    let mut resource = Map::new();
    match &share.sub_mchid {
        Some(sub_mchid) => {
            resource.insert("sp_mchid".to_owned(), json!(share.key.mchid));
            resource.insert("sub_mchid".to_owned(), json!(sub_mchid));
        }
        None => {
            resource.insert("mchid".to_owned(), json!(share.key.mchid));
        }
    }
    for (key, value) in [
        ("transaction_id", json!(share.transaction_id)),
        ("order_id", json!(order_id)),
        ("out_order_no", json!(number)),
        (
            "receiver",
            json!({
                "type": detail.receiver.kind,
                "account": detail.receiver.account,
                "amount": amount,
                "description": detail.description,
            }),
        ),
        ("success_time", json!(rfc3339(finished_at))),
    ] {
        resource.insert(key.to_owned(), value);
    }
    Value::Object(resource)
}

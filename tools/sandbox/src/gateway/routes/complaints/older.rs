//! The older interface, which names a complaint by its transaction.

use serde_json::{Map, Value, json};

use super::{
    super::endpoint::{Endpoint, Family},
    about, answered, asked, complete, fields, images, of_transaction, page, transaction, view,
};
use crate::{
    gateway::{Answer, Refusal, call::Call},
    world::{
        clock::rfc3339,
        records::{
            kinds::complaint::{entries, operator},
            state::Record,
        },
    },
};

pub(in crate::gateway::routes) static OLDER: Family = Family::new(&[
    Endpoint::get(
        "/v3/merchant-service/complaints",
        ("List complaints (older)", "查询投诉信息"),
        |call, _| list(call),
    )
    .query(&["begin_date", "end_date"], &["limit", "offset", "sub_mchid"]),
    Endpoint::get(
        "/v3/merchant-service/complaints/{transaction_id}",
        ("Query a complaint (older)", "查询投诉详情"),
        |call, path| {
            call.parameters()?;
            let complaint = of_transaction(call, path.get("transaction_id"))?;
            let mut json = shown(call, &complaint, path.get("transaction_id"))?;
            json.insert("complaint_handle_state".to_owned(), json!(complaint.state));
            Ok(Answer::json(&Value::Object(json)))
        },
    ),
    Endpoint::get(
        "/v3/merchant-service/complaints/{transaction_id}/negotiation-historys",
        ("Query the history of a complaint (older)", "查询投诉协商历史"),
        |call, path| history(call, path.get("transaction_id")),
    ),
    Endpoint::post(
        "/v3/merchant-service/feedbacks",
        ("Reply to a complaint (older)", "商户反馈"),
        |call, _| feedback(call),
    )
    .body(&[fields::FEEDBACK]),
]);

/// A complaint with one of its orders.
fn shown(call: &Call<'_>, record: &Record, transaction_id: &str) -> Result<Map<String, Value>, Refusal> {
    let mut json = record.members(&["complaint_detail"]);
    let order = transaction(record, transaction_id);
    json.extend(
        order
            .and_then(|order| order.as_object().cloned())
            .unwrap_or_default(),
    );
    let state = if view::is_refunded(call, record) {
        "MERCHANT_REFUNDED"
    } else {
        "PAYER_COMPLAINTED"
    };
    json.insert("complaint_state".to_owned(), json!(state));
    json.insert("complaint_time".to_owned(), json!(rfc3339(record.created_at)));
    if let Some(phone) = record.text("/payer_phone") {
        json.insert("payer_phone".to_owned(), json!(call.sealed(&phone)?));
    }
    let complainted = record.text("/complainted_mchid");
    if let Some(sub) = complainted.filter(|mchid| *mchid != record.key.mchid) {
        json.insert("sub_mchid".to_owned(), json!(sub));
    }
    Ok(json)
}

fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let all = asked(call, &parameters, "sub_mchid")?;
    page(&parameters, (10, 50), &all, |record| {
        let first = record.text("/complaint_order_info/0/transaction_id");
        shown(call, record, &first.unwrap_or_default())
    })
}

fn history(call: &Call<'_>, transaction_id: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let complaint = of_transaction(call, transaction_id)?;
    let entries = entries(&call.gateway.world, &complaint.key);
    let entries = entries.iter().map(|entry| {
        let mut json = entry.members(&["operate_details"]);
        let images = view::images(call, entry.value("/images").as_ref());
        for (key, value) in [
            ("operate_user", json!(operator(&entry.state))),
            ("operate_time", json!(rfc3339(entry.created_at))),
            ("operate_type", json!(older_name(&entry.state))),
            ("image_list", json!(images)),
        ] {
            json.insert(key.to_owned(), value);
        }
        Value::Object(json)
    });
    let entries: Vec<Value> = entries.collect();
    Ok(Answer::json(&json!({ "complaint_negotiation_history": entries })))
}

/// Name of an entry in the older interface.
fn older_name(operate_type: &str) -> &str {
    match operate_type {
        "PLATFORM_RESPONSE" => "RESPONSE_BY_PLATFORM",
        "MERCHANT_CONFIRM_COMPLETE" => "MERCHANT_LAUNCH_CONFIRM_PROCESS",
        "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE" => "SELLER_REFUND_SYSTEM_MESSAGE",
        other => other,
    }
}

fn feedback(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let transaction_id = body.text("/transaction_id").unwrap_or_default();
    let complaint = about(of_transaction(call, transaction_id)?, &body)?;
    let images = images(call, &body, "/feedback_images")?;
    let complaint = answered(call, &complaint, body.text("/feedback_content"), &images)?;
    if body.value.pointer("/launch_confirm_process") == Some(&json!(true)) {
        return complete(call, complaint);
    }
    Ok(Answer::Empty)
}

//! Complaints as queries tell them.

use serde_json::{Map, Value, json};

use crate::{
    gateway::{Refusal, call::Call},
    world::{
        clock::rfc3339,
        complaints,
        orders::key::{OrderKey, Space},
        records::{
            kinds::complaint::{self, entries, operator},
            state::Record,
        },
    },
};

/// Members that a complaint may have, as they were given.
const MEMBERS: &[&str] = &[
    "complaint_detail",
    "complainted_mchid",
    "complaint_order_info",
    "service_order_info",
    "problem_description",
    "problem_type",
    "apply_refund_amount",
    "user_tag_list",
    "additional_info",
    "in_platform_service",
    "need_immediate_service",
    "is_agent_mode",
];

/// A complaint of a list.
pub(super) fn complaint(call: &Call<'_>, record: &Record) -> Result<Map<String, Value>, Refusal> {
    let history = entries(&call.gateway.world, &record.key);
    let kinds = || history.iter().map(|entry| entry.state.as_str());
    let complained = |kind: &str| matches!(kind, "USER_CREATE_COMPLAINT" | "USER_CONTINUE_COMPLAINT");
    let newest =
        kinds().rfind(|kind| complained(kind) || matches!(*kind, "USER_RESPONSE" | "MERCHANT_RESPONSE"));
    let waits = record.state != complaint::PROCESSED && newest != Some("MERCHANT_RESPONSE");
    let mut json = record.members(MEMBERS);
    for (key, value) in [
        ("complaint_id", json!(record.id)),
        ("complaint_time", json!(rfc3339(record.created_at))),
        ("complaint_state", json!(record.state)),
        ("complaint_full_refunded", json!(is_refunded(call, record))),
        ("incoming_user_response", json!(waits)),
        (
            "user_complaint_times",
            json!(kinds().filter(|kind| complained(kind)).count()),
        ),
    ] {
        json.insert(key.to_owned(), value);
    }
    if let Some(phone) = record.text("/payer_phone") {
        json.insert("payer_phone".to_owned(), json!(call.sealed(&phone)?));
    }
    if let Some(media) = media(call, record.value("/images").as_ref(), "USER_COMPLAINT_IMAGE") {
        json.insert("complaint_media_list".to_owned(), json!([media]));
    }
    Ok(json)
}

/// A complaint that was asked for.
pub(super) fn detail(call: &Call<'_>, record: &Record) -> Result<Map<String, Value>, Refusal> {
    let mut json = complaint(call, record)?;
    json.extend(record.members(&["payer_openid"]));
    Ok(json)
}

/// An entry of the history.
pub(super) fn entry(call: &Call<'_>, entry: &Record) -> Map<String, Value> {
    let mut json = entry.members(&["operate_details"]);
    for (key, value) in [
        ("log_id", json!(entry.id)),
        ("operator", json!(operator(&entry.state))),
        ("operate_time", json!(rfc3339(entry.created_at))),
        ("operate_type", json!(entry.state)),
    ] {
        json.insert(key.to_owned(), value);
    }
    let kind = match entry.state.as_str() {
        "USER_CREATE_COMPLAINT" => "USER_COMPLAINT_IMAGE",
        _ => "OPERATION_IMAGE",
    };
    if let Some(media) = media(call, entry.value("/images").as_ref(), kind) {
        json.insert("image_list".to_owned(), json!(media.get("media_url")));
        json.insert("complaint_media_list".to_owned(), media);
    }
    if let Some(message) = entry.value("/message") {
        json.insert("normal_message".to_owned(), message);
    }
    json
}

/// Addresses of the pictures, if there are some.
pub(super) fn images(call: &Call<'_>, images: Option<&Value>) -> Vec<String> {
    let images = images.and_then(Value::as_array);
    let images = images.into_iter().flatten().filter_map(Value::as_str);
    let base_url = &call.gateway.base_url;
    images
        .map(|media_id| format!("{base_url}/v3/merchant-service/images/{media_id}"))
        .collect()
}

fn media(call: &Call<'_>, ids: Option<&Value>, kind: &str) -> Option<Value> {
    let urls = images(call, ids);
    (!urls.is_empty()).then(|| json!({ "media_type": kind, "media_url": urls }))
}

/// Returns true if all money of all its orders came back.
pub(super) fn is_refunded(call: &Call<'_>, record: &Record) -> bool {
    let orders = record.value("/complaint_order_info").unwrap_or_default();
    let orders = orders.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_refunded = |order: &Value| {
        let key = OrderKey {
            mchid: record.key.mchid.clone(),
            space: Space::Order,
            out_trade_no: order.get("out_trade_no")?.as_str()?.to_owned(),
        };
        let arrived = complaints::arrived(&call.gateway.world, &key);
        Some(arrived >= order.get("amount")?.as_i64()?)
    };
    !orders.is_empty() && orders.iter().all(|order| is_refunded(order) == Some(true))
}

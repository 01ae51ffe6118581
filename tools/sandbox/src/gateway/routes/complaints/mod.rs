//! Complaints of payers (消费者投诉): addresses, lists, history, replies, decisions, pictures.

mod addresses;
mod fields;
mod hints;
mod older;
mod pictures;
mod view;

use serde_json::{Map, Value, json};

use self::hints::ComplaintHint;
use super::{
    endpoint::{Endpoint, Family},
    records::{self, Opening},
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, Issue, Location, parameters::Parameters, parties},
    },
    world::{
        clock::Day,
        records::{
            kinds::complaint::{PROCESSED, PROCESSING, entries, entry_key},
            state::{Record, RecordKind},
        },
    },
};

pub(super) use older::OLDER;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/merchant-service/complaint-notifications",
        ("Create the notification URL of complaints", "创建投诉通知回调"),
        |call, _| addresses::create(call),
    )
    .body(&[fields::ADDRESS]),
    Endpoint::get(
        "/v3/merchant-service/complaint-notifications",
        ("Query the notification URL of complaints", "查询投诉通知回调"),
        |call, _| addresses::query(call),
    ),
    Endpoint::put(
        "/v3/merchant-service/complaint-notifications",
        ("Change the notification URL of complaints", "更新投诉通知回调"),
        |call, _| addresses::update(call),
    )
    .body(&[fields::ADDRESS]),
    Endpoint::delete(
        "/v3/merchant-service/complaint-notifications",
        ("Delete the notification URL of complaints", "删除投诉通知回调"),
        |call, _| addresses::delete(call),
    ),
    Endpoint::get(
        "/v3/merchant-service/complaints-v2",
        ("List complaints", "查询投诉单列表"),
        |call, _| list(call),
    )
    .query(
        &["begin_date", "end_date"],
        &["limit", "offset", "complainted_mchid"],
    ),
    Endpoint::get(
        "/v3/merchant-service/complaints-v2/{complaint_id}",
        ("Query a complaint", "查询投诉单详情"),
        |call, path| {
            call.parameters()?;
            let complaint = find(call, path.get("complaint_id"))?;
            Ok(Answer::json(&Value::Object(view::detail(call, &complaint)?)))
        },
    ),
    Endpoint::get(
        "/v3/merchant-service/complaints-v2/{complaint_id}/negotiation-historys",
        ("Query the history of a complaint", "查询投诉协商历史"),
        |call, path| history(call, path.get("complaint_id")),
    )
    .query(&[], &["limit", "offset"]),
    Endpoint::post(
        "/v3/merchant-service/complaints-v2/{complaint_id}/response",
        ("Reply to a complaint", "提交回复"),
        |call, path| reply(call, path.get("complaint_id")),
    )
    .body(&[fields::REPLY]),
    Endpoint::post(
        "/v3/merchant-service/complaints-v2/{complaint_id}/response-immediate-service",
        ("Reply to a complaint at once", "回复需要即时服务的投诉单"),
        |call, path| reply_at_once(call, path.get("complaint_id")),
    )
    .body(fields::MESSAGE_TABLES),
    Endpoint::post(
        "/v3/merchant-service/complaints-v2/{complaint_id}/complete",
        ("Complete a complaint", "反馈处理完成"),
        |call, path| {
            let body = call.body()?;
            let complaint = about(find(call, path.get("complaint_id"))?, &body)?;
            complete(call, complaint)
        },
    )
    .body(&[fields::COMPLETE]),
    Endpoint::post(
        "/v3/merchant-service/complaints-v2/{complaint_id}/update-refund-progress",
        ("Decide on the refund of a complaint", "更新退款审批结果"),
        |call, path| decide(call, path.get("complaint_id")),
    )
    .body(&[fields::DECISION]),
    Endpoint::post(
        "/v3/merchant-service/images/upload",
        ("Upload a picture for a reply", "商户上传反馈图片"),
        |call, _| pictures::upload(call),
    )
    .upload(),
    Endpoint::get(
        "/v3/merchant-service/images/{media_id}",
        ("Download a picture of a complaint", "图片下载"),
        |call, path| pictures::download(call, path.get("media_id")),
    ),
]);

/// The longest time of a list, in days.
const MAX_DAYS: i64 = 30;
/// Pictures of a reply at most.
const MAX_IMAGES: usize = 4;

fn refused(hint: ComplaintHint) -> Refusal {
    Refusal::new(codes::INVALID_REQUEST).hint(hint)
}

fn find(call: &Call<'_>, complaint_id: &str) -> Result<Record, Refusal> {
    let key = records::key(call, RecordKind::Complaint, complaint_id);
    call.gateway.world.records.get(&key).ok_or_else(none)
}

fn none() -> Refusal {
    Refusal::new(codes::NO_SUCH_COMPLAINT).hint(ComplaintHint::NoComplaint)
}

/// The complaint, if it is about the merchant that the body names.
fn about(complaint: Record, body: &Checked) -> Result<Record, Refusal> {
    let complainted = complaint.text("/complainted_mchid").unwrap_or_default();
    if body.text("/complainted_mchid") == Some(complainted.as_str()) {
        return Ok(complaint);
    }
    Err(Refusal::new(codes::NO_AUTH).hint(ComplaintHint::OtherMerchant { complainted }))
}

/// The caller's complaints of the queried days.
///
/// About the merchant that the query names, or about all.
fn asked(call: &Call<'_>, parameters: &Parameters, merchant: &str) -> Result<Vec<Record>, Refusal> {
    let day = |name: &'static str| {
        let text = parameters.need(name);
        text.parse::<Day>().map_err(|_| days(name, text))
    };
    let (begin, end) = (day("begin_date")?, day("end_date")?);
    if end < begin || end.days_ago(MAX_DAYS) > begin {
        return Err(days("end_date", parameters.need("end_date")));
    }
    let about = parameters.get(merchant);
    if let Some(sub) = about.filter(|about| call.merchant.mchid != **about) {
        parties::known_sub(call.merchant, sub)?;
    }
    let mchid = call.mchid();
    Ok(call.gateway.world.records.filtered(|record| {
        record.key.kind == RecordKind::Complaint
            && record.key.mchid == mchid
            && (begin..=end).contains(&Day::of(record.created_at))
            && about.is_none_or(|about| record.text("/complainted_mchid").as_deref() == Some(about))
    }))
}

fn days(name: &'static str, text: &str) -> Refusal {
    Refusal::new(codes::PARAMETER)
        .issue(Location::Query, name, json!(text), Issue::Unlisted)
        .hint(ComplaintHint::Days { max: MAX_DAYS })
}

/// One page of a list: `limit` entries at most, `usual` without a limit.
fn page(
    parameters: &Parameters,
    (usual, max): (usize, usize),
    all: &[Record],
    mut show: impl FnMut(&Record) -> Result<Map<String, Value>, Refusal>,
) -> Result<Answer, Refusal> {
    let page = parameters.page(usual, max)?;
    let total = all.len();
    let entries = page.of(all.iter().collect()).into_iter();
    let data = entries.map(|record| Ok(Value::Object(show(record)?)));
    let data: Vec<Value> = data.collect::<Result<_, Refusal>>()?;
    let mut json = json!({ "data": data, "limit": page.limit, "offset": page.offset });
    if let (0, Some(json)) = (page.offset, json.as_object_mut()) {
        json.insert("total_count".to_owned(), json!(total));
    }
    Ok(Answer::json(&json))
}

fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let all = asked(call, &parameters, "complainted_mchid")?;
    page(&parameters, (10, 50), &all, |record| {
        view::complaint(call, record)
    })
}

fn history(call: &Call<'_>, complaint_id: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let complaint = find(call, complaint_id)?;
    let all = entries(&call.gateway.world, &complaint.key);
    page(&parameters, (100, 300), &all, |record| {
        Ok(view::entry(call, record))
    })
}

/// A complaint that is completed takes no reply.
fn is_open(complaint: &Record) -> Result<(), Refusal> {
    if complaint.state == PROCESSED {
        return Err(refused(ComplaintHint::Completed));
    }
    Ok(())
}

/// The ids of pictures, if the caller uploaded them.
fn images(call: &Call<'_>, body: &Checked, pointer: &str) -> Result<Value, Refusal> {
    let Some(images) = body.value.pointer(pointer) else {
        return Ok(Value::Null);
    };
    let ids = images.as_array().map(Vec::as_slice).unwrap_or_default();
    let are_known = ids
        .iter()
        .all(|id| id.as_str().is_some_and(|id| pictures::is_uploaded(call, id)));
    if are_known && ids.len() <= MAX_IMAGES {
        return Ok(images.clone());
    }
    Err(Refusal::new(codes::PARAMETER)
        .issue(Location::Body, pointer, images.clone(), Issue::Unlisted)
        .hint(ComplaintHint::Images { max: MAX_IMAGES }))
}

fn reply(call: &mut Call<'_>, complaint_id: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let complaint = about(find(call, complaint_id)?, &body)?;
    if body.text("/jump_url").is_some() != body.text("/jump_url_text").is_some() {
        return Err(Refusal::new(codes::PARAMETER).hint(ComplaintHint::LinkText));
    }
    let images = images(call, &body, "/response_images")?;
    answered(call, &complaint, body.text("/response_content"), &images)?;
    Ok(Answer::Empty)
}

/// Adds a reply of the merchant.
fn answered(
    call: &Call<'_>,
    complaint: &Record,
    text: Option<&str>,
    images: &Value,
) -> Result<Record, Refusal> {
    is_open(complaint)?;
    let step = json!({ "action_type": "MERCHANT_RESPONSE", "operate_details": text, "images": images });
    records::step(call, complaint, PROCESSING, json!({ "step": step }))
}

fn reply_at_once(call: &mut Call<'_>, complaint_id: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let complaint = about(find(call, complaint_id)?, &body)?;
    let number = body.text("/idempotent_id").unwrap_or_default();
    let opening = Opening {
        kind: RecordKind::ComplaintEntry,
        number: entry_key(&complaint.key, number).number,
        id: call.ids.long_id("300", call.now()),
        amount: 0,
        state: "MERCHANT_RESPONSE",
        request: body.value,
        facts: json!({}),
    };
    let entry = records::open(call, opening, || {
        is_open(&complaint)?;
        if complaint.value("/need_immediate_service") == Some(json!(true)) {
            return Ok(());
        }
        Err(refused(ComplaintHint::NotAtOnce))
    })?;
    Ok(Answer::json(&json!({ "log_id": entry.id })))
}

fn complete(call: &Call<'_>, complaint: Record) -> Result<Answer, Refusal> {
    let step = json!({ "action_type": "MERCHANT_CONFIRM_COMPLETE" });
    records::go(call, complaint, PROCESSED, json!({ "step": step }))?;
    Ok(Answer::Empty)
}

/// Takes the decision about a refund.
///
/// A rejection completes the complaint; after an approval the arrival of the money does.
fn decide(call: &mut Call<'_>, complaint_id: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let complaint = find(call, complaint_id)?;
    let images = images(call, &body, "/reject_media_list")?;
    let is_asked = complaint.value("/apply_refund_amount").is_some();
    if !is_asked || complaint.text("/refund_decision").is_some() || complaint.state == PROCESSED {
        return Err(refused(ComplaintHint::NoApplication));
    }
    let decision = body.text("/action").unwrap_or_default();
    let (to, action, text) = if decision == "APPROVE" {
        // The payer hears of it: that is a reply.
        (PROCESSING, "MERCHANT_APPROVE_REFUND", body.text("/remark"))
    } else {
        let reason = body.text("/reject_reason");
        let reason = reason.ok_or_else(|| Refusal::new(codes::PARAMETER).hint(ComplaintHint::NoReason))?;
        (PROCESSED, "MERCHANT_REJECT_REFUND", Some(reason))
    };
    let step = json!({ "action_type": action, "operate_details": text, "images": images });
    records::step(
        call,
        &complaint,
        to,
        json!({ "step": step, "refund_decision": decision }),
    )?;
    Ok(Answer::Empty)
}

/// The caller's complaint about a transaction, the newest.
fn of_transaction(call: &Call<'_>, transaction_id: &str) -> Result<Record, Refusal> {
    let mchid = call.mchid();
    let mut found = call.gateway.world.records.filtered(|record| {
        record.key.kind == RecordKind::Complaint
            && record.key.mchid == mchid
            && transaction(record, transaction_id).is_some()
    });
    found.pop().ok_or_else(none)
}

/// The order of a complaint that was paid under this number.
fn transaction(complaint: &Record, transaction_id: &str) -> Option<Value> {
    let orders = complaint.value("/complaint_order_info")?;
    let mut orders = orders.as_array()?.iter();
    let is_wanted = |order: &&Value| order.get("transaction_id") == Some(&json!(transaction_id));
    orders.find(is_wanted).cloned()
}

//! Closing of sub-merchants (二级商户注销), with their money paid out or without any.

mod closed;
mod fields;
mod hints;

use serde_json::{Value, json};

pub(super) use closed::may_take_payments;

use super::{
    endpoint::{Endpoint, Family},
    media,
    records::{self, Opening},
};
use crate::{
    gateway::hints::Conflict,
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, Location, parties},
    },
    world::{
        media::state::MediaKind,
        records::{
            kinds::closing::{self, PROCESSING, REVIEWING, WAITING},
            state::{Record, RecordKind},
        },
    },
};
use hints::ClosingHint;

const WITH_PAYOUT: RecordKind = RecordKind::ClosingWithPayout;
const WITHOUT: RecordKind = RecordKind::Closing;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::get(
        "/v3/ecommerce/account/apply-cancel-withdraw/validate-cancel/{sub_mchid}",
        ("Ask whether a sub-merchant can be closed", "商户注销资格校验"),
        |call, path| validate(call, path.get("sub_mchid")),
    ),
    Endpoint::post(
        "/v3/ecommerce/account/apply-cancel-withdraw",
        ("Close a sub-merchant and pay its money out", "提交注销提现申请"),
        |call, _| apply_with_payout(call),
    )
    .body(&[fields::WITH_PAYOUT]),
    Endpoint::post(
        "/v3/ecommerce/account/apply-cancel-withdraw/confirm",
        ("Confirm a closing", "平台代商户确认注销"),
        |call, _| confirm(call),
    )
    .body(&[fields::CONFIRM]),
    Endpoint::get(
        "/v3/ecommerce/account/apply-cancel-withdraw/out-request-no/{out_request_no}",
        QUERY,
        |call, path| {
            let number = path.get("out_request_no");
            shown(&records::find(call, WITH_PAYOUT, number)?)
        },
    ),
    Endpoint::get(
        "/v3/ecommerce/account/apply-cancel-withdraw/applyment-id/{applyment_id}",
        QUERY,
        |call, path| {
            let id = path.get("applyment_id");
            shown(&records::find_by_id(call, WITH_PAYOUT, id)?)
        },
    ),
    Endpoint::post(
        "/v3/ecommerce/account/cancel-applications/media",
        ("Upload a picture of a closing", "注销申请图片上传"),
        |call, _| {
            let media_id = media::read(call, &fields::PICTURE)?.keep(call);
            Ok(Answer::json(&json!({ "media_id": media_id })))
        },
    )
    .upload(),
    Endpoint::post(
        "/v3/ecommerce/account/cancel-applications",
        ("Close a sub-merchant without money", "提交注销申请单"),
        |call, _| apply(call),
    )
    .body(&[fields::WITHOUT]),
    Endpoint::get(
        "/v3/ecommerce/account/cancel-applications/out-apply-no/{out_apply_no}",
        QUERY,
        |call, path| {
            let closing = records::find(call, WITHOUT, path.get("out_apply_no"))?;
            Ok(Answer::json(&Value::Object(closing::view_without(&closing))))
        },
    ),
])
.for_platforms();

const QUERY: (&str, &str) = ("Query a closing", "查询注销申请单状态");

fn shown(closing: &Record) -> Result<Answer, Refusal> {
    Ok(Answer::json(&Value::Object(closing::view(closing))))
}

fn validate(call: &Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    parties::known_sub(call.merchant, sub_mchid)?;
    let world = &call.gateway.world;
    let is_closed = closing::is_closed(world, call.merchant.mchid.as_str(), sub_mchid);
    let reasons = closed::reasons(call, sub_mchid);
    let result = if is_closed || !reasons.is_empty() {
        "NOT_ALLOW_CANCEL_WITHDRAW"
    } else {
        "ALLOW_CANCEL_WITHDRAW"
    };
    let reasons: Vec<Value> = reasons
        .iter()
        .map(|(kind, text)| json!({ "type": kind, "description": text }))
        .collect();
    Ok(Answer::json(&json!({
        "sub_mchid": sub_mchid,
        "merchant_state": if is_closed { "HAS_BEEN_CANCELLED" } else { "NORMAL" },
        "validate_result": result,
        "account_info": closing::balances(world, sub_mchid),
        "block_reasons": reasons,
    })))
}

fn apply_with_payout(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let sub_mchid = known_sub(call, &body)?;
    let number = body.text("/out_request_no").unwrap_or_default().to_owned();
    let balances = closing::balances(&call.gateway.world, &sub_mchid);
    let opening = Opening {
        kind: WITH_PAYOUT,
        number,
        id: call.ids.long_id("20", call.now()),
        amount: 0,
        state: REVIEWING,
        request: records::opened(call, body)?,
        facts: json!({ "account_info": balances }),
    };
    let closing = records::open(call, opening, || may_close(call, &sub_mchid))?;
    Ok(Answer::json(&json!({
        "applyment_id": closing.id,
        "out_request_no": closing.key.number,
    })))
}

fn apply(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let sub_mchid = known_sub(call, &body)?;
    for picture in body
        .value
        .get("application_info")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if let Some(media_id) = picture.get("application_media_id").and_then(Value::as_str) {
            is_uploaded(call, media_id)?;
        }
    }
    let opening = Opening {
        kind: WITHOUT,
        number: body.text("/out_apply_no").unwrap_or_default().to_owned(),
        id: call.ids.long_id("21", call.now()),
        amount: 0,
        state: REVIEWING,
        request: body.value,
        facts: Value::Null,
    };
    let closing = records::open(call, opening, || {
        may_close(call, &sub_mchid)?;
        if closing::balances(&call.gateway.world, &sub_mchid).is_empty() {
            Ok(())
        } else {
            Err(Refusal::new(codes::INVALID_REQUEST).hint(ClosingHint::HasMoney))
        }
    })?;
    Ok(Answer::json(&Value::Object(closing::view_without(&closing))))
}

/// Confirms a closing in place of the sub-merchant.
fn confirm(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let sub_mchid = known_sub(call, &body)?;
    let closing = match (body.text("/applyment_id"), body.text("/out_request_no")) {
        (Some(id), _) => records::find_by_id(call, WITH_PAYOUT, id)?,
        (None, Some(number)) => records::find(call, WITH_PAYOUT, number)?,
        (None, None) => return Err(Refusal::new(codes::PARAMETER).hint(ClosingHint::One)),
    };
    if closing.text("/sub_mchid").as_deref() != Some(&*sub_mchid) {
        return Err(records::none(WITH_PAYOUT));
    }
    // The same again finds it further on.
    let is_later = closing.facts.pointer("/confirm_time").is_some();
    let closing = if closing.state == WAITING || !is_later {
        let facts = json!({ "confirm_time": body.text("/confirm_time") });
        records::go(call, closing, PROCESSING, facts)?
    } else {
        closing
    };
    Ok(Answer::json(&json!({
        "applyment_id": closing.id,
        "out_request_no": closing.key.number,
        "sub_mchid": sub_mchid,
    })))
}

/// The sub-merchant of the body, which is the caller's.
fn known_sub(call: &Call<'_>, body: &Checked) -> Result<String, Refusal> {
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default().to_owned();
    parties::known_sub(call.merchant, &sub_mchid)?;
    Ok(sub_mchid)
}

/// Refuses a closing that another one or something unsettled stands in the way of.
fn may_close(call: &Call<'_>, sub_mchid: &str) -> Result<(), Refusal> {
    let refused = |hint: ClosingHint| Err(Refusal::new(codes::INVALID_REQUEST).hint(hint));
    if closing::is_asked(&call.gateway.world, call.merchant.mchid.as_str(), sub_mchid) {
        let sub_mchid = sub_mchid.to_owned();
        return refused(ClosingHint::Asked { sub_mchid });
    }
    let reasons: Vec<&str> = closed::reasons(call, sub_mchid)
        .iter()
        .map(|(kind, _)| *kind)
        .collect();
    if reasons.is_empty() {
        return Ok(());
    }
    let reasons = reasons.join(", ");
    refused(ClosingHint::Blocked { reasons })
}

fn is_uploaded(call: &Call<'_>, media_id: &str) -> Result<(), Refusal> {
    let mchid = call.merchant.mchid.as_str();
    if call.gateway.world.media.has(mchid, MediaKind::Picture, media_id) {
        return Ok(());
    }
    Err(Refusal::new(codes::PARAMETER)
        .field(
            Location::Body,
            "/application_info/*/application_media_id",
            json!(media_id),
            Conflict::OtherFile,
        )
        .hint(ClosingHint::NoPicture))
}

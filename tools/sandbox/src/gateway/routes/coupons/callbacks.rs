//! The notification URL of coupons.

use serde_json::json;

use super::super::addresses;
use crate::{
    gateway::{Answer, Refusal, call::Call, codes, validate},
    world::{
        clock::rfc3339,
        records::kinds::address::{self, COUPONS, OFF, SET},
    },
};

pub(super) fn set(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    call.is_caller(body.text("/mchid").unwrap_or_default(), "mchid")?;
    let is_on = body.value.get("switch") != Some(&json!(false));
    let notify_url = body.text("/notify_url").unwrap_or_default();
    let record = addresses::set(call, COUPONS, if is_on { SET } else { OFF }, notify_url)?;
    Ok(Answer::json(&json!({
        "notify_url": notify_url,
        "update_time": rfc3339(record.updated_at),
    })))
}

pub(super) fn query(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    call.is_caller(parameters.need("mchid"), "mchid")?;
    let mchid = call.mchid();
    match address::of(&call.gateway.world, &mchid, COUPONS) {
        Some(notify_url) => Ok(Answer::json(&json!({ "mchid": mchid, "notify_url": notify_url }))),
        None => Err(Refusal::new(codes::RESOURCE_NOT_EXISTS)),
    }
}

//! Who may get a share.

use serde_json::json;

use super::hints::SharingHint;
use super::named::permitted;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, Location, parties, sensitive},
    },
    world::sharing::state::{Receiver, ShareFamily},
};

/// Handles `POST …/receivers/add`.
pub(crate) fn add(call: &mut Call<'_>, family: ShareFamily) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let receiver = receiver(call, &body)?;
    if receiver.kind == "MERCHANT_ID" && body.text("/name").is_none() {
        return Err(Refusal::new(codes::PARAMETER)
            .missing(Location::Body, "/name")
            .hint(SharingHint::NoName));
    }
    if body.text("/relation_type") == Some("CUSTOM") && body.text("/custom_relation").is_none() {
        return Err(Refusal::new(codes::PARAMETER)
            .missing(Location::Body, "/custom_relation")
            .hint(SharingHint::NoRelation));
    }
    let mut answer = answer(&receiver);
    if family == ShareFamily::Ordinary
        && let Some(object) = answer.as_object_mut()
    {
        for key in ["relation_type", "custom_relation"] {
            if let Some(text) = body.text(&format!("/{key}")) {
                object.insert(key.to_owned(), json!(text));
            }
        }
        // The request's is sealed to the platform, the response's to the merchant.
        if body.text("/name").is_some() {
            let name = sensitive::open(call.gateway, call.received, &body, "/name")?;
            object.insert("name".to_owned(), json!(call.sealed(&name)?));
        }
    }
    call.gateway.world.shares.add_receiver(receiver);
    Ok(Answer::Json(answer.to_string().into()))
}

/// Handles `POST …/receivers/delete`.
pub(crate) fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let receiver = receiver(call, &body)?;
    if !call.gateway.world.shares.delete_receiver(&receiver) {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(SharingHint::NoReceiver));
    }
    Ok(Answer::Json(answer(&receiver).to_string().into()))
}

fn receiver(call: &Call<'_>, body: &Checked) -> Result<Receiver, Refusal> {
    let sub_mchid = body.text("/sub_mchid");
    permitted(call, sub_mchid)?;
    apps(call, body, sub_mchid)?;
    let kind = body.text("/type").unwrap_or_default();
    if kind == "PERSONAL_OPENID" && body.text("/appid").is_none() {
        return Err(appid_missing());
    }
    Ok(Receiver {
        mchid: call.mchid(),
        sub_mchid: sub_mchid.map(str::to_owned),
        kind: kind.to_owned(),
        account: body.text("/account").unwrap_or_default().to_owned(),
    })
}

/// Apps must be bound to those that use them.
pub(crate) fn apps(call: &Call<'_>, body: &Checked, sub_mchid: Option<&str>) -> Result<(), Refusal> {
    if let Some(appid) = body.text("/appid") {
        parties::app(call.merchant, "appid", appid)?;
    }
    match (sub_mchid, body.text("/sub_appid")) {
        (Some(sub_mchid), Some(sub_appid)) => {
            let appid = body.text("/appid").unwrap_or_default();
            parties::sub(call.merchant, appid, sub_mchid, Some(sub_appid), "")
        }
        _ => Ok(()),
    }
}

pub(crate) fn appid_missing() -> Refusal {
    Refusal::new(codes::PARAMETER)
        .missing(Location::Body, "/appid")
        .hint(SharingHint::NoAppid)
}

fn answer(receiver: &Receiver) -> serde_json::Value {
    let mut answer = json!({ "type": receiver.kind, "account": receiver.account });
    if let (Some(object), Some(sub_mchid)) = (answer.as_object_mut(), &receiver.sub_mchid) {
        object.insert("sub_mchid".to_owned(), json!(sub_mchid));
    }
    answer
}

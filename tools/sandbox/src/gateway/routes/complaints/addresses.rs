//! The address that is told of complaints: a merchant has one.

use serde_json::{Value, json};

use super::{
    super::records::{self, Opening},
    hints::ComplaintHint,
};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes, validate},
    world::records::{
        kinds::complaint::{DELETED, SET, address},
        state::{Record, RecordKind},
    },
};

/// Sets the address. The same one again is the same address; another one is refused.
pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let url = url(call)?;
    let known = match address(&call.gateway.world, &call.mchid()) {
        Some(known) if known.state == DELETED => records::step(call, &known, SET, json!({ "url": url }))?,
        Some(known) => known,
        None => open(call, &url)?,
    };
    if known.text("/url").as_deref() == Some(url.as_str()) {
        return Ok(view(&known));
    }
    Err(Refusal::new(codes::COMPLAINT_URL_EXISTS).hint(ComplaintHint::UrlExists))
}

fn open(call: &Call<'_>, url: &str) -> Result<Record, Refusal> {
    let mchid = call.mchid();
    let opening = Opening {
        kind: RecordKind::ComplaintNotifyUrl,
        number: mchid.clone(),
        id: mchid,
        amount: 0,
        state: SET,
        request: json!({}),
        facts: json!({ "url": url }),
    };
    records::open(call, opening, || Ok(()))
}

pub(super) fn query(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.parameters()?;
    Ok(view(&find(call)?))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let url = url(call)?;
    let known = find(call)?;
    let changed = records::step(call, &known, SET, json!({ "url": url }))?;
    Ok(view(&changed))
}

/// Deletes the address, if there is one.
pub(super) fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.parameters()?;
    if let Some(known) = address(&call.gateway.world, &call.mchid()) {
        records::go(call, known, DELETED, Value::Null)?;
    }
    Ok(Answer::Empty)
}

fn url(call: &mut Call<'_>) -> Result<String, Refusal> {
    let body = call.body()?;
    let url = body.text("/url").unwrap_or_default();
    validate::address(Some(url), call.notes)?;
    Ok(url.to_owned())
}

fn find(call: &Call<'_>) -> Result<Record, Refusal> {
    address(&call.gateway.world, &call.mchid())
        .filter(|address| address.state == SET)
        .ok_or_else(|| Refusal::new(codes::NO_COMPLAINT_URL).hint(ComplaintHint::NoUrl))
}

fn view(address: &Record) -> Answer {
    let mut json = address.members(&["url"]);
    json.insert("mchid".to_owned(), json!(address.key.mchid));
    Answer::json(&Value::Object(json))
}

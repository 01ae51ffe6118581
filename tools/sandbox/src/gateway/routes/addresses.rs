//! Notification URLs that a merchant sets for a whole product: one for each.

use serde_json::{Value, json};

use super::records;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Field, field, limits::LONG_URL},
    },
    language::texts,
    world::records::{
        kinds::address::{self, OFF, SET},
        state::{Record, RecordKind},
    },
};

texts! {
    enum AddressHint {
        Exists =>
            "another URL is set; PUT changes it",
            "已设置其他通知地址；修改请用 PUT";
        None =>
            "no URL is set; POST sets one",
            "尚未设置通知地址；请先用 POST 设置";
    }
}

/// The body of a call that sets a URL.
pub(super) const FIELDS: &[Field] = &[field("notify_url", LONG_URL).required()];

/// Sets the URL. The same one twice is the same.
pub(super) fn create(call: &mut Call<'_>, product: &str) -> Result<Answer, Refusal> {
    let notify_url = wanted(call)?;
    match address::of(&call.gateway.world, &call.mchid(), product) {
        Some(known) if known != notify_url => {
            Err(Refusal::new(codes::INVALID_REQUEST).hint(AddressHint::Exists))
        }
        _ => Ok(answered(&set(call, product, SET, &notify_url)?)),
    }
}

/// Changes the URL.
pub(super) fn update(call: &mut Call<'_>, product: &str) -> Result<Answer, Refusal> {
    let notify_url = wanted(call)?;
    known(call, product)?;
    Ok(answered(&set(call, product, SET, &notify_url)?))
}

/// Returns the URL.
pub(super) fn query(call: &mut Call<'_>, product: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    Ok(Answer::json(&json!({ "notify_url": known(call, product)? })))
}

/// Deletes the URL.
pub(super) fn delete(call: &mut Call<'_>, product: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    let notify_url = known(call, product)?;
    set(call, product, OFF, &notify_url)?;
    Ok(Answer::Empty)
}

/// Sets a URL, or switches it off.
pub(super) fn set(
    call: &Call<'_>,
    product: &str,
    state: &'static str,
    notify_url: &str,
) -> Result<Record, Refusal> {
    let facts = json!({ "notify_url": notify_url });
    let key = address::key(&call.mchid(), product);
    if let Some(record) = call.gateway.world.records.get(&key) {
        return records::step(call, &record, state, facts);
    }
    let opening = records::Opening {
        kind: RecordKind::Address,
        number: product.to_owned(),
        id: format!("{}-{product}", call.mchid()),
        amount: 0,
        state,
        request: Value::Null,
        facts,
    };
    records::open(call, opening, || Ok(()))
}

fn wanted(call: &mut Call<'_>) -> Result<String, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    Ok(body.text("/notify_url").unwrap_or_default().to_owned())
}

fn known(call: &Call<'_>, product: &str) -> Result<String, Refusal> {
    let known = address::of(&call.gateway.world, &call.mchid(), product);
    known.ok_or_else(|| Refusal::new(codes::NOT_FOUND).hint(AddressHint::None))
}

fn answered(address: &Record) -> Answer {
    Answer::json(&Value::Object(address.members(&["notify_url"])))
}

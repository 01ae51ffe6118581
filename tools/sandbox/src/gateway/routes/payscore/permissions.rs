//! Authorisations of a service.

use serde_json::{Map, Value, json};

use super::{
    super::records::{self, Opening},
    common::text,
    hints::PayscoreHint,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, parties},
    },
    world::records::{
        kinds::service_permission::{self, AVAILABLE, UNAVAILABLE, UNBOUND, view},
        state::{Record, RecordKind},
    },
};

const KIND: RecordKind = RecordKind::ServicePermission;

pub(super) fn ask(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    let opening = Opening {
        kind: KIND,
        number: text(&body, "/authorization_code"),
        id: call.ids.long_id("1234323", call.now()),
        amount: 0,
        state: UNBOUND,
        request: body.value,
        facts: Value::Null,
    };
    let permission = records::open(call, opening, || Ok(()))?;
    Ok(Answer::json(&json!({ "apply_permissions_token": permission.id })))
}

pub(super) fn by_code(call: &Call<'_>, code: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let permission = records::find(call, KIND, code)?;
    shown(&of_service(permission, parameters.need("service_id"))?)
}

pub(super) fn by_openid(call: &Call<'_>, openid: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let permission = of_user(call, parameters.need("service_id"), openid);
    shown(&permission.ok_or_else(|| records::none(KIND))?)
}

pub(super) fn end_by_code(call: &mut Call<'_>, code: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let permission = records::find(call, KIND, code)?;
    end(call, of_service(permission, &text(&body, "/service_id"))?)
}

pub(super) fn end_by_openid(call: &mut Call<'_>, openid: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let permission = of_user(call, &text(&body, "/service_id"), openid);
    end(call, permission.ok_or_else(|| records::none(KIND))?)
}

/// Tells if a user authorised a service.
pub(super) fn state(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let [appid, service_id, openid] = ["appid", "service_id", "openid"].map(|name| parameters.need(name));
    let state = if is_given(call, service_id, openid) {
        AVAILABLE
    } else {
        UNAVAILABLE
    };
    Ok(Answer::json(&json!({
        "appid": appid, "service_id": service_id, "openid": openid, "use_service_state": state,
    })))
}

/// The level of a user, the same for each one.
pub(super) fn assess(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let service_id = text(&body, "/service_id");
    let permission = match (body.text("/authorization_code"), body.text("/openid")) {
        (Some(code), _) => Some(of_service(records::find(call, KIND, code)?, &service_id)?),
        (None, Some(openid)) => of_user(call, &service_id, openid),
        (None, None) => return Err(Refusal::new(codes::PARAMETER).hint(PayscoreHint::User)),
    };
    let permission = permission.ok_or_else(|| records::none(KIND))?;
    let mut json = view(&permission);
    with_level(&mut json);
    Ok(Answer::json(&Value::Object(json)))
}

/// Returns true if the user of an openid authorised the service.
pub(super) fn is_given(call: &Call<'_>, service_id: &str, openid: &str) -> bool {
    of_user(call, service_id, openid).is_some_and(|permission| permission.state == AVAILABLE)
}

/// The newest authorisation that a user gave a service.
fn of_user(call: &Call<'_>, service_id: &str, openid: &str) -> Option<Record> {
    let mut given = call.gateway.world.records.filtered(|permission| {
        permission.key.kind == KIND
            && call.merchant.mchid == permission.key.mchid.as_str()
            && permission.text("/service_id").as_deref() == Some(service_id)
            && service_permission::openid(permission).as_deref() == Some(openid)
    });
    given.pop()
}

fn of_service(permission: Record, service_id: &str) -> Result<Record, Refusal> {
    if permission.text("/service_id").as_deref() == Some(service_id) {
        Ok(permission)
    } else {
        Err(records::none(KIND))
    }
}

fn end(call: &Call<'_>, permission: Record) -> Result<Answer, Refusal> {
    records::go(call, permission, UNAVAILABLE, Value::Null)?;
    Ok(Answer::Empty)
}

fn shown(permission: &Record) -> Result<Answer, Refusal> {
    let mut json = view(permission);
    with_level(&mut json);
    Ok(Answer::json(&Value::Object(json)))
}

fn with_level(json: &mut Map<String, Value>) {
    json.insert("user_risk_level".to_owned(), json!(1));
    json.insert("risk_level_version".to_owned(), json!(1));
}

//! Authorisations: asked for, queried, closed, and named by transfers.

use serde_json::{Value, json};

use super::{
    super::records::{self, Opening},
    hints::TransferHint,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Checked, Location, parties},
    },
    world::{
        clock::rfc3339,
        records::{
            kinds::user_authorization::{self, CLOSED, WAIT, WITH_TRANSFER},
            state::{Record, RecordKind},
        },
    },
};

const KIND: RecordKind = RecordKind::TransferAuthorization;

/// An authorisation that a call asks for.
pub(super) struct Wanted {
    number: String,
    state: &'static str,
    request: Value,
}

impl Wanted {
    /// The one that a transfer asks for.
    pub(super) fn of_transfer(call: &mut Call<'_>, body: &Checked) -> Result<Option<Self>, Refusal> {
        let Some(Value::Object(info)) = body.value.get("authorization_info") else {
            return Ok(None);
        };
        validate::address(
            body.text("/authorization_info/authorization_notify_url"),
            call.notes,
        )?;
        let mut request = info.clone();
        for key in ["appid", "openid", "transfer_scene_id", "user_recv_perception"] {
            if let Some(value) = body.value.get(key) {
                request.insert(key.to_owned(), value.clone());
            }
        }
        let number = body.text("/authorization_info/out_authorization_no");
        Ok(Some(Self {
            number: number.unwrap_or_default().to_owned(),
            state: WITH_TRANSFER,
            request: Value::Object(request),
        }))
    }

    /// Refuses a number that stands for another authorisation.
    pub(super) fn is_free(&self, call: &Call<'_>) -> Result<(), Refusal> {
        let known = call
            .gateway
            .world
            .records
            .get(&records::key(call, KIND, &self.number));
        if known.is_some() {
            return Err(Refusal::new(codes::INVALID_REQUEST).hint(TransferHint::AuthorizationUsed));
        }
        Ok(())
    }

    pub(super) fn open(self, call: &Call<'_>) -> Result<Record, Refusal> {
        let opening = Opening {
            kind: KIND,
            number: self.number,
            id: call.ids.long_id("1350", call.now()),
            amount: 0,
            state: self.state,
            request: self.request,
            facts: json!({ "package_info": call.ids.package_info() }),
        };
        records::open(call, opening, || Ok(()))
    }
}

/// Handles `POST …/user-confirm-authorization`.
pub(super) fn ask(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::address(body.text("/authorization_notify_url"), call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    let number = body.text("/out_authorization_no").unwrap_or_default();
    let wanted = Wanted {
        number: number.to_owned(),
        state: WAIT,
        request: body.value,
    };
    let authorization = wanted.open(call)?;
    let mut json = json!({
        "out_authorization_no": authorization.key.number,
        "state": user_authorization::state(&authorization),
        "create_time": rfc3339(authorization.created_at),
    });
    if authorization.state == WAIT
        && let Some(json) = json.as_object_mut()
    {
        json.extend(authorization.members(&["package_info"]));
    }
    Ok(Answer::json(&json))
}

/// Handles the query.
pub(super) fn query(call: &Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let is_displayed = parameters.one_of("is_display_authorization", &["true", "false"])?;
    let authorization = records::find(call, KIND, number)?;
    let mut json = user_authorization::view(&authorization);
    if authorization.state == WAIT && is_displayed == Some("true") {
        json.extend(authorization.members(&["package_info"]));
    }
    Ok(Answer::json(&Value::Object(json)))
}

/// Closes an authorisation; one that is closed stays as it is.
pub(super) fn close(call: &Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let authorization = records::find(call, KIND, number)?;
    let facts = json!({ "close_reason": "CLOSE_VIA_MCH_API" });
    let authorization = records::go(call, authorization, CLOSED, facts)?;
    let json = user_authorization::view(&authorization);
    Ok(Answer::json(&Value::Object(json)))
}

/// The authorisation that a transfer names, by one of its numbers or by both.
pub(super) fn named(call: &Call<'_>, body: &Checked) -> Result<Record, Refusal> {
    let number = body.text("/out_authorization_no");
    let id = body.text("/authorization_id");
    match (number, id) {
        (None, None) => Err(Refusal::new(codes::PARAMETER)
            .missing(Location::Body, "/authorization_id")
            .hint(TransferHint::NoAuthorization)),
        (Some(number), None) => records::find(call, KIND, number),
        (None, Some(id)) => records::find_by_id(call, KIND, id),
        (Some(number), Some(id)) => {
            let found = records::find(call, KIND, number)?;
            if found.id == id {
                return Ok(found);
            }
            Err(Refusal::new(codes::INVALID_REQUEST).hint(TransferHint::OtherAuthorization))
        }
    }
}

//! New transfers: confirmed by the user, with an authorisation beside it, or authorised before.

use serde_json::{Map, Value, json};

use super::{
    super::records::{self, Opening},
    authorizations,
    hints::TransferHint,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Checked, parties},
    },
    world::{
        clock::rfc3339,
        funds::ledger::Account,
        records::{
            kinds::{
                transfer::{self, ACCEPTED, WAIT},
                user_authorization::TAKING_EFFECT,
            },
            state::{Record, RecordKind},
        },
    },
};

/// From 2,000 yuan on the name of the user is required.
const NAMED_FROM: i64 = 200_000;

/// Creates a transfer that the user confirms.
pub(super) fn confirmed(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = body(call)?;
    let payer = call.mchid();
    let transfer = open_waiting(call, body, RecordKind::Transfer, &payer, || Ok(()))?;
    Ok(Answer::json(&Value::Object(placed(&transfer))))
}

/// Creates a transfer with which the user also gives an authorisation.
pub(super) fn authorizing(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = body(call)?;
    let wanted = authorizations::Wanted::of_transfer(call, &body)?;
    let payer = sponsor(call, &body)?;
    let transfer = open_waiting(call, body, RecordKind::Transfer, &payer, || match &wanted {
        Some(wanted) => wanted.is_free(call),
        None => Ok(()),
    })?;
    let mut json = placed(&transfer);
    if let Some(wanted) = wanted {
        let authorization = wanted.open(call)?;
        json.extend(authorization.members(&["user_display_name", "out_authorization_no"]));
    }
    Ok(Answer::json(&Value::Object(json)))
}

/// Creates a transfer to a user who authorised the merchant before.
pub(super) fn authorized(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = body(call)?;
    let authorization = authorizations::named(call, &body)?;
    let is_of_scene = ["/appid", "/transfer_scene_id"]
        .iter()
        .all(|pointer| body.text(pointer) == authorization.text(pointer).as_deref());
    let facts = Value::Object(authorization.members(&["openid"]));
    let payer = sponsor(call, &body)?;
    let opened = (RecordKind::Transfer, ACCEPTED, facts);
    let transfer = open(call, body, opened, &payer, || {
        if authorization.state != TAKING_EFFECT {
            let state = authorization.state.clone();
            Err(Refusal::new(codes::INVALID_REQUEST).hint(TransferHint::NotInEffect { state }))
        } else if is_of_scene {
            Ok(())
        } else {
            Err(Refusal::new(codes::INVALID_REQUEST).hint(TransferHint::OtherScene))
        }
    })?;
    shown(call, &transfer)
}

/// The body of any new transfer.
fn body(call: &mut Call<'_>) -> Result<Checked, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    Ok(body)
}

/// The merchant that pays: the caller, or one of its sub-merchants.
fn sponsor(call: &Call<'_>, body: &Checked) -> Result<String, Refusal> {
    let Some(sponsor) = body.text("/sponsor_mchid") else {
        return Ok(call.mchid());
    };
    let sponsor = sponsor.to_owned();
    if call.merchant.mchid == sponsor.as_str() || call.merchant.sub(&sponsor).is_some() {
        return Ok(sponsor);
    }
    Err(Refusal::new(codes::NO_AUTH).hint(TransferHint::OtherSponsor { sponsor }))
}

/// Opens a transfer that the user is to confirm.
///
/// `before` must permit a new one, and `payer` must have the money.
pub(in crate::gateway::routes) fn open_waiting(
    call: &Call<'_>,
    body: Checked,
    kind: RecordKind,
    payer: &str,
    before: impl FnOnce() -> Result<(), Refusal>,
) -> Result<Record, Refusal> {
    let facts = json!({ "package_info": call.ids.package_info() });
    open(call, body, (kind, WAIT, facts), payer, before)
}

fn open(
    call: &Call<'_>,
    body: Checked,
    (kind, state, facts): (RecordKind, &'static str, Value),
    payer: &str,
    before: impl FnOnce() -> Result<(), Refusal>,
) -> Result<Record, Refusal> {
    let amount = body
        .integer("/transfer_amount")
        .ok_or_else(Refusal::system_error)?;
    if body.text("/user_name").is_none() && amount >= NAMED_FROM {
        return Err(Refusal::new(codes::PARAMETER).hint(TransferHint::NameRequired));
    }
    let opening = Opening {
        kind,
        number: body.text("/out_bill_no").unwrap_or_default().to_owned(),
        id: call.ids.long_id("1330", call.now()),
        amount,
        state,
        request: records::opened(call, body)?,
        facts,
    };
    records::open(call, opening, || {
        before()?;
        records::has_money(call, payer, Account::Basic, amount)
    })
}

/// A transfer as its creation tells it.
pub(in crate::gateway::routes) fn placed(transfer: &Record) -> Map<String, Value> {
    let mut json = transfer.members(&["sub_mchid", "fail_reason"]);
    super::put_state(&mut json, transfer);
    json.insert("create_time".to_owned(), json!(rfc3339(transfer.created_at)));
    if transfer.state == WAIT {
        json.extend(transfer.members(&["package_info"]));
    }
    json
}

/// A transfer as queries tell it, with the name encrypted.
pub(in crate::gateway::routes) fn shown(call: &Call<'_>, transfer: &Record) -> Result<Answer, Refusal> {
    let mut json = transfer::view(transfer);
    if let Some(name) = transfer.text("/user_name") {
        json.insert("user_name".to_owned(), json!(call.sealed(&name)?));
    }
    Ok(Answer::json(&Value::Object(json)))
}

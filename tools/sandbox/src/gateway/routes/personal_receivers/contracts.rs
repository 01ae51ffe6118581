//! Contracts with persons.

use serde_json::{Value, json};

use super::hints::ReceiverHint;
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        routes::records::{self, Opening},
        validate::{
            Field, Kind, field,
            limits::{S32, S128},
            parties, sensitive,
        },
    },
    world::{
        clock::rfc3339,
        orders::buyer::Buyer,
        records::{
            kinds::receiver_contract::{self as contract, AUTHORIZED, PREPARED},
            state::RecordKind,
        },
    },
};

/// Pages: 小程序场景预签约, APP场景预签约.
pub(super) const PREPARE: &[Field] = &[
    field("appid", S32).required(),
    field("out_contract_code", S128).required(),
];

/// A mini program knows the person.
pub(super) const PERSON: &[Field] = &[field("openid", S128).required()];

/// With a verified name. Pages: …（需要实名验证）.
pub(super) const IDENTITY: &[Field] = &[
    field("real_name", Kind::Encrypted).required(),
    field("cred_type", Kind::OneOf(&["ID_CARD"])).required(),
    field("cred_id", Kind::Encrypted).required(),
];

/// Prepares a contract that gives access to the person's name.
pub(super) fn prepare_verified(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    sensitive::must_announce(call.gateway, call.received)?;
    let token = json!({ "access_token": call.ids.token() });
    open(call, token)
}

/// Prepares a contract, or gives the one of the same call before.
pub(super) fn prepare(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    open(call, json!({}))
}

fn open(call: &mut Call<'_>, mut facts: Value) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let appid = body.text("/appid").unwrap_or_default().to_owned();
    parties::app(call.merchant, "appid", &appid)?;
    // An app does not say who signs: in the sandbox it is always the same person.
    let openid = match body.text("/openid") {
        Some(openid) => {
            parties::openid_of(call.gateway, openid, &appid, call.notes)?;
            openid.to_owned()
        }
        None => Buyer::Alice.openid(&appid),
    };
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("individual_openid".to_owned(), json!(openid));
        facts.insert("pre_entrustweb_id".to_owned(), json!(call.ids.token()));
    }
    let opening = Opening {
        kind: RecordKind::ReceiverContract,
        number: body.text("/out_contract_code").unwrap_or_default().to_owned(),
        id: call.ids.long_id("2563", call.now()),
        amount: 0,
        state: PREPARED,
        request: records::opened(call, body)?,
        facts,
    };
    let contract = records::open(call, opening, || Ok(()))?;
    if !matches!(contract.state.as_str(), PREPARED | AUTHORIZED) {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(ReceiverHint::Ended));
    }
    Ok(Answer::json(&Value::Object(
        contract.members(&["pre_entrustweb_id"]),
    )))
}

/// Handles `GET …/individual-contracts/{openid}`: the newest contract that the person ever signed.
pub(super) fn of_person(call: &Call<'_>, openid: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    parameters.one_of("permission_type", &["INDIVIDUAL_PAYEE"])?;
    let appid = parameters.need("appid");
    parties::app(call.merchant, "appid", appid)?;
    let signed = call.gateway.world.records.filtered(|record| {
        record.key.kind == RecordKind::ReceiverContract
            && call.merchant.mchid == record.key.mchid.as_str()
            && record.text("/appid").as_deref() == Some(appid)
            && record.text("/individual_openid").as_deref() == Some(openid)
            && record.text("/signed_time").is_some()
    });
    let newest = signed
        .last()
        .ok_or_else(|| Refusal::new(codes::NO_SUCH_CONTRACT).hint(ReceiverHint::NeverSigned))?;
    let mut json = contract::authorization(newest);
    json.insert("operation_time".to_owned(), json!(rfc3339(newest.updated_at)));
    Ok(Answer::json(&Value::Object(json)))
}

/// Handles `GET …/out-contract-code/{out_contract_code}`.
pub(super) fn query(call: &Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let contract = records::find(call, RecordKind::ReceiverContract, number)?;
    if contract.text("/appid").as_deref() != Some(parameters.need("appid")) {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(ReceiverHint::OtherApp));
    }
    Ok(Answer::json(&contract::view(&contract)))
}

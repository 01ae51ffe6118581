//! Contracts.

use serde_json::{Value, json};

use super::super::records::{self, Opening};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        validate::{self, parties},
    },
    world::records::{
        kinds::deduction_contract::{PREPARED, TERMINATED, view},
        state::{Record, RecordKind},
    },
};

pub(super) const KIND: RecordKind = RecordKind::DeductionContract;

/// Prepares a contract, which a user signs by itself.
pub(super) fn prepare(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::app(call.merchant, "appid", body.text("/appid").unwrap_or_default())?;
    let plan_id = body.integer("/plan_id").unwrap_or_default();
    let code = body.text("/out_contract_code").unwrap_or_default();
    let opening = Opening {
        kind: KIND,
        number: format!("{plan_id}/{code}"),
        id: call.ids.long_id("Wx", call.now()),
        amount: 0,
        state: PREPARED,
        facts: json!({ "pre_entrustweb_id": call.ids.token() }),
        request: body.value,
    };
    let contract = records::open(call, opening, || Ok(()))?;
    let mut json = contract.members(&["pre_entrustweb_id", "plan_id", "out_contract_code"]);
    json.insert("mchid".to_owned(), json!(contract.key.mchid));
    Ok(Answer::json(&Value::Object(json)))
}

pub(super) fn query(call: &mut Call<'_>, plan_id: &str, code: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    Ok(Answer::json(&Value::Object(view(&signed(call, plan_id, code)?))))
}

pub(super) fn terminate(call: &mut Call<'_>, plan_id: &str, code: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let contract = signed(call, plan_id, code)?;
    let remark = body.text("/contract_termination_remark");
    let facts = json!({ "contract_termination_remark": remark });
    let contract = records::go(call, contract, TERMINATED, facts)?;
    let mut json = contract.members(&["plan_id", "out_contract_code"]);
    json.insert("mchid".to_owned(), json!(contract.key.mchid));
    Ok(Answer::json(&Value::Object(json)))
}

/// A contract that was signed; the platform knows no other.
fn signed(call: &Call<'_>, plan_id: &str, code: &str) -> Result<Record, Refusal> {
    let contract = records::find(call, KIND, &format!("{plan_id}/{code}"))?;
    if contract.state == PREPARED {
        return Err(records::none(KIND));
    }
    Ok(contract)
}

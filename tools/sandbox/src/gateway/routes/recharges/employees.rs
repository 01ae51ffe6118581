//! Employees who may recharge a sub-merchant with a code.

use serde_json::{Value, json};

use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        routes::records::{self, Opening},
        validate::parties,
    },
    world::records::{
        kinds::recharge_employee::{self, DELETED, EFFECTIVE},
        state::RecordKind,
    },
};

const KIND: RecordKind = RecordKind::RechargeEmployee;

/// Handles `POST /v3/platsolution/ecommerce/recharge-employees`.
pub(super) fn add(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let text = |pointer| body.text(pointer).unwrap_or_default();
    let sub_mchid = text("/sub_mchid");
    parties::known_sub(call.merchant, sub_mchid)?;
    let opening = Opening {
        kind: KIND,
        number: number(call, sub_mchid, text("/sp_openid")),
        id: call.ids.long_id("1033", call.now()),
        amount: 0,
        state: EFFECTIVE,
        request: body.value,
        facts: json!({}),
    };
    let employee = records::open(call, opening, || Ok(()))?;
    let employee = records::go(call, employee, EFFECTIVE, Value::Null)?;
    Ok(Answer::json(&recharge_employee::view(&employee)))
}

/// Handles `GET …/recharge-employees/sub-mchid/{sub_mchid}`: those who may recharge.
pub(super) fn list(call: &Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    parties::known_sub(call.merchant, sub_mchid)?;
    let employees = call.gateway.world.records.filtered(|record| {
        record.key.kind == KIND
            && call.merchant.mchid == record.key.mchid.as_str()
            && record.state == EFFECTIVE
            && record.text("/sub_mchid").as_deref() == Some(sub_mchid)
    });
    let employees: Vec<Value> = employees.iter().map(recharge_employee::view).collect();
    Ok(Answer::json(&json!({ "employees": employees })))
}

/// Handles `POST …/sub-mchid/{sub_mchid}/sp-openid/{sp_openid}/delete`.
pub(super) fn delete(call: &Call<'_>, sub_mchid: &str, openid: &str) -> Result<Answer, Refusal> {
    parties::known_sub(call.merchant, sub_mchid)?;
    let employee = records::find(call, KIND, &number(call, sub_mchid, openid))?;
    let employee = records::go(call, employee, DELETED, Value::Null)?;
    Ok(Answer::json(&recharge_employee::view(&employee)))
}

/// The number of an employee, which names nobody: it stands in the journal.
fn number(call: &Call<'_>, sub_mchid: &str, openid: &str) -> String {
    let digest = call.gateway.platform.provider().sha256(openid.as_bytes());
    let mut person = base16ct::lower::encode_string(&digest);
    person.truncate(16);
    format!("{sub_mchid}-{person}")
}

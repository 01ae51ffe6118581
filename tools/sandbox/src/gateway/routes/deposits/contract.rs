//! Insurers that may pay claims.

use serde_json::json;

use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        routes::records::{self, Opening},
        validate::parties,
    },
    world::{
        clock::rfc3339,
        records::{
            kinds::claims_contract,
            state::{Record, RecordKind},
        },
    },
};

/// Handles `POST /v3/platsolution/ecommerce/insurance-compensation-contracts`.
pub(super) fn open(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default().to_owned();
    parties::known_sub(call.merchant, &sub_mchid)?;
    let opening = Opening {
        kind: RecordKind::ClaimsContract,
        number: body.text("/out_apply_no").unwrap_or_default().to_owned(),
        id: call.ids.long_id("1331", call.now()),
        amount: 0,
        state: claims_contract::OPENED,
        request: body.value,
        facts: json!({}),
    };
    records::open(call, opening, || Ok(()))?;
    Ok(answer(call, &sub_mchid))
}

/// Handles `POST …/sub-mchid/{sub_mchid}/check-opened`.
pub(super) fn check(call: &Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    parties::known_sub(call.merchant, sub_mchid)?;
    Ok(answer(call, sub_mchid))
}

/// The first contract of an insurer, which counts.
pub(super) fn of(call: &Call<'_>, sub_mchid: &str) -> Option<Record> {
    let is_its = |record: &Record| {
        record.key.kind == RecordKind::ClaimsContract
            && call.merchant.mchid == record.key.mchid.as_str()
            && record.text("/sub_mchid").as_deref() == Some(sub_mchid)
    };
    call.gateway.world.records.filtered(is_its).into_iter().next()
}

fn answer(call: &Call<'_>, sub_mchid: &str) -> Answer {
    let mut json = json!({ "sub_mchid": sub_mchid, "opened": false });
    if let Some(contract) = of(call, sub_mchid) {
        json = json!({
            "sub_mchid": sub_mchid,
            "opened": true,
            "success_time": rfc3339(contract.created_at),
        });
    }
    Answer::json(&json)
}

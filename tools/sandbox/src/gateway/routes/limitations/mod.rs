//! Limitations of sub-merchants, and due diligence (商户管控).

mod diligence;
mod form;
mod hints;

use serde_json::{Value, json};

use super::endpoint::{Endpoint, Family};
use crate::{
    gateway::{Answer, Refusal, call::Call, validate::parties},
    world::records::{
        kinds::limitation::{self, LIMITED},
        state::RecordKind,
    },
};

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::get(
        "/v3/mch-operation-manage/merchant-limitations/sub-mchid/{sub_mchid}",
        ("Query limitations of a sub-merchant", "查询子商户管控情况"),
        |call, path| query(call, path.get("sub_mchid")),
    ),
    Endpoint::get(
        "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}",
        ("Query a due diligence", "查询子商户强化尽调单信息"),
        |call, path| diligence::query(call, path.get("due_diligence_id")),
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::post(
        "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/submit",
        ("Submit a due diligence", "提交尽调资料"),
        |call, path| diligence::submit(call, path.get("due_diligence_id")),
    )
    .body(&[diligence::SUBMIT]),
    Endpoint::post(
        "/v3/mch-operation-manage/enhanced-due-diligence/{due_diligence_id}/upload",
        ("Upload a file of a due diligence", "上传尽调资料文件"),
        |call, path| diligence::upload(call, path.get("due_diligence_id")),
    )
    .upload(),
])
.for_partners();

/// All limitations of a sub-merchant that are in force.
fn query(call: &Call<'_>, sub_mchid: &str) -> Result<Answer, Refusal> {
    call.parameters()?;
    parties::known_sub(call.merchant, sub_mchid)?;
    let mchid = call.mchid();
    let limitations = call.gateway.world.records.filtered(|record| {
        record.key.kind == RecordKind::Limitation
            && record.key.mchid == mchid
            && record.state == LIMITED
            && record.text("/sub_mchid").as_deref() == Some(sub_mchid)
    });
    let mut functions: Vec<Value> = Vec::new();
    for limitation in &limitations {
        let lost = limitation.value("/relate_limitations");
        for function in lost.as_ref().and_then(Value::as_array).into_iter().flatten() {
            if !functions.contains(function) {
                functions.push(function.clone());
            }
        }
    }
    let specifications: Vec<_> = limitations.iter().map(limitation::view).collect();
    Ok(Answer::json(&json!({
        "mchid": sub_mchid,
        "limited_functions": functions,
        "recovery_specifications": specifications,
    })))
}

//! Recharges of sub-merchants, and of the platform's own accounts (充值).

mod employees;
mod fields;
mod hints;

use serde_json::{Value, json};

use super::{
    endpoint::{Endpoint, Family, PathValues},
    records::{self, Opening},
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Checked, Issue, Location, parties},
    },
    world::records::{
        kinds::recharge::{self, CLOSED, RECHARGING},
        state::{Record, RecordKind},
    },
};
use hints::RechargeHint;

const KIND: RecordKind = RecordKind::Recharge;

pub(super) static FAMILY: Family = Family::new(&[
    Endpoint::post(
        "/v3/platsolution/ecommerce/recharges/apply",
        ("Recharge a sub-merchant", "申请二级商户充值"),
        |call, _| apply(call),
    )
    .body(&[fields::RECHARGE, fields::OF_SUB]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}",
        ("Query a recharge of a sub-merchant", "查询二级商户充值结果"),
        |call, path| Ok(Answer::json(&recharge::view(&of_sub(call, path)?))),
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/recharges/out-recharge-no/{out_recharge_no}/close",
        ("Close a recharge of a sub-merchant", "关闭二级商户充值"),
        close,
    )
    .query(&["sub_mchid"], &[]),
    Endpoint::post(
        "/v3/platsolution/ecommerce/bank-transfer-recharges/apply",
        ("Recharge by bank transfer", "申请银行转账充值"),
        |call, _| apply_by_bank(call),
    )
    .body(&[fields::RECHARGE, fields::BY_BANK]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/bank-transfer-recharges/out-recharge-no/{out_recharge_no}",
        ("Query a recharge by bank transfer", "查询银行转账充值结果"),
        |call, path| {
            call.parameters()?;
            let recharge = find(call, path, None)?;
            Ok(Answer::json(&recharge::view(&recharge)))
        },
    ),
    Endpoint::post(
        "/v3/platsolution/ecommerce/recharge-employees",
        ("Add an employee who may recharge", "添加二级商户可扫码充值员工"),
        |call, _| employees::add(call),
    )
    .body(&[fields::EMPLOYEE]),
    Endpoint::get(
        "/v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}",
        (
            "List employees who may recharge",
            "查询二级商户可扫码充值员工列表",
        ),
        |call, path| employees::list(call, path.get("sub_mchid")),
    ),
    Endpoint::post(
        "/v3/platsolution/ecommerce/recharge-employees/sub-mchid/{sub_mchid}/sp-openid/{sp_openid}/delete",
        (
            "Delete an employee who may recharge",
            "删除二级商户可扫码充值员工",
        ),
        |call, path| employees::delete(call, path.get("sub_mchid"), path.get("sp_openid")),
    ),
])
.for_platforms();

fn apply(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    parties::known_sub(call.merchant, body.text("/sub_mchid").unwrap_or_default())?;
    fits(&body)?;
    let channel = body
        .text("/available_recharge_channels/0")
        .unwrap_or("BANK_TRANSFER");
    let facts = json!({
        "recharge_channel": channel,
        "recharge_url": format!("{}/cashier/recharges/{}", call.gateway.base_url, call.ids.token()),
    });
    let recharge = open(call, body, facts)?;
    Ok(Answer::json(&json!({
        "recharge_id": recharge.id,
        "out_recharge_no": recharge.key.number,
        "recharge_url": recharge.text("/recharge_url"),
    })))
}

fn apply_by_bank(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let recharge = open(call, body, json!({ "recharge_channel": "BANK_TRANSFER" }))?;
    Ok(Answer::json(&json!({
        "recharge_id": recharge.id,
        "out_recharge_no": recharge.key.number,
        "transfer_in_account": {
            "bank_name": "招商银行",
            "bank_address_code": "440300",
            "bank_code": "308584000013",
            "bank_account_name": "财付通支付科技有限公司",
            "bank_account_no": "7559000000000000",
        },
    })))
}

/// Closes a recharge that waits for its money.
fn close(call: &mut Call<'_>, path: &PathValues) -> Result<Answer, Refusal> {
    let recharge = of_sub(call, path)?;
    let facts = json!({ "recharge_state_desc": "平台商户主动关闭充值单" });
    let recharge = records::go(call, recharge, CLOSED, facts)?;
    Ok(Answer::json(&recharge::view(&recharge)))
}

fn open(call: &Call<'_>, body: Checked, facts: Value) -> Result<Record, Refusal> {
    let amount = body.integer("/recharge_amount/amount");
    let opening = Opening {
        kind: KIND,
        number: body.text("/out_recharge_no").unwrap_or_default().to_owned(),
        // 27 digits.
        id: call.ids.long_id("103", call.now()),
        amount: amount.ok_or_else(Refusal::system_error)?,
        state: RECHARGING,
        request: body.value,
        facts,
    };
    records::open(call, opening, || Ok(()))
}

/// The scene decides on the account.
fn fits(body: &Checked) -> Result<(), Refusal> {
    let scene = body.text("/recharge_scene").unwrap_or_default().to_owned();
    let account = if scene == "ECOMMERCE_DEPOSIT" {
        "DEPOSIT"
    } else {
        "OPERATION"
    };
    let given = body.text("/account_type");
    if given == Some(account) {
        return Ok(());
    }
    Err(Refusal::new(codes::PARAMETER)
        .issue(Location::Body, "/account_type", json!(given), Issue::Unlisted)
        .hint(RechargeHint::OtherAccount { scene, account }))
}

/// The recharge of a sub-merchant that a query names.
fn of_sub(call: &Call<'_>, path: &PathValues) -> Result<Record, Refusal> {
    let parameters = call.parameters()?;
    let sub_mchid = parameters.need("sub_mchid");
    parties::known_sub(call.merchant, sub_mchid)?;
    find(call, path, Some(sub_mchid))
}

/// A recharge of this sub-merchant, or of the platform itself.
fn find(call: &Call<'_>, path: &PathValues, sub_mchid: Option<&str>) -> Result<Record, Refusal> {
    let recharge = records::find(call, KIND, path.get("out_recharge_no"))?;
    if recharge.text("/sub_mchid").as_deref() == sub_mchid {
        Ok(recharge)
    } else {
        Err(records::none(KIND))
    }
}

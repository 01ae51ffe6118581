//! Recharges of sub-merchants, and of the platform's own accounts (充值).

use serde_json::{Map, Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    funds::ledger::Account,
    records::{
        machine::{Machine, Notice, Step, next, step},
        money::moved,
        state::Record,
    },
};

/// Waits for the money.
pub(crate) const RECHARGING: &str = "RECHARGING";
const SUCCESS: &str = "SUCCESS";
pub(crate) const CLOSED: &str = "CLOSED";

/// Money that could not be credited goes back, and the recharge waits for other money.
const STEPS: &[Step] = &[
    next(RECHARGING, SUCCESS),
    step(RECHARGING, RECHARGING),
    step(RECHARGING, CLOSED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS).entered(entered).notice(notice);

fn entered(world: &World, recharge: &Record) {
    let name = recharge.text("/account_type").unwrap_or_default();
    if recharge.state == SUCCESS
        && let Some(account) = Account::from_name(&name)
    {
        let owner = recharge.text("/sub_mchid");
        let owner = owner.as_deref().unwrap_or(&recharge.key.mchid);
        moved(world, recharge, owner, account, recharge.amount, "充值", "充值");
    }
}

fn notice(_: &World, recharge: &Record) -> Option<Notice> {
    let (event_type, summary, resource) = match recharge.state.as_str() {
        SUCCESS => ("RECHARGE.SUCCESS", "充值成功", told(recharge)),
        CLOSED => ("RECHARGE.CLOSED", "充值关闭", told(recharge)),
        _ if is_returned(recharge) => ("RECHARGE.FUND_RETURNED", "充值资金退回", returned(recharge)),
        _ => return None,
    };
    Some(Notice {
        event_type,
        original_type: "recharge",
        summary,
        notify_url: recharge.text("/notify_url")?,
        resource: Value::Object(resource),
    })
}

/// A recharge as queries tell it.
pub(crate) fn view(recharge: &Record) -> Value {
    let mut json = told(recharge);
    json.remove("remark");
    Value::Object(json)
}

fn told(recharge: &Record) -> Map<String, Value> {
    let mut json = recharge.members(&[
        "sub_mchid",
        "account_type",
        "recharge_scene",
        "available_recharge_channels",
        "remark",
    ]);
    let mut put = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    let platform = if recharge.text("/sub_mchid").is_some() {
        "sp_mchid"
    } else {
        "mchid"
    };
    put(platform, json!(recharge.key.mchid));
    put("recharge_id", json!(recharge.id));
    put("out_recharge_no", json!(recharge.key.number));
    put("recharge_state", json!(recharge.state));
    put("recharge_state_desc", json!(described(recharge)));
    put(
        "recharge_amount",
        json!({ "amount": recharge.amount, "currency": "CNY" }),
    );
    put("accept_time", json!(rfc3339(recharge.created_at)));
    let end = json!(rfc3339(recharge.updated_at));
    match recharge.state.as_str() {
        SUCCESS => put("success_time", end),
        CLOSED => put("close_time", end),
        _ => {}
    }
    if recharge.state == SUCCESS || is_returned(recharge) {
        let (name, payment) = payment(recharge);
        put("recharge_channel", json!(channel(recharge)));
        put(name, Value::Object(payment));
    }
    json
}

fn described(recharge: &Record) -> String {
    let described = match recharge.state.as_str() {
        SUCCESS => "充值成功",
        CLOSED => "超过时间限制，系统自动关闭充值单",
        _ => "充值中",
    };
    recharge
        .text("/recharge_state_desc")
        .unwrap_or_else(|| described.to_owned())
}

/// True while the last money that came is on its way back.
fn is_returned(recharge: &Record) -> bool {
    recharge.state == RECHARGING && recharge.text("/recharge_returned_id").is_some()
}

fn channel(recharge: &Record) -> String {
    recharge.text("/recharge_channel").unwrap_or_default()
}

/// The payment under its name, which depends on its way.
fn payment(recharge: &Record) -> (&'static str, Map<String, Value>) {
    let (name, payment) = match channel(recharge).as_str() {
        "QR_RECHARGE" => (
            "qr_recharge_info",
            json!({ "openid": "oSandboxAdministrator0000000", "employee_type": "ADMIN" }),
        ),
        "ONLINE_BANK" => (
            "online_bank_recharge_info",
            json!({
                "bill_no": recharge.id,
                "bank_name": "招商银行",
                "online_bank_type": "ONLINE_BANK_TYPE_CORPORATE",
                "bank_card_tail": "1234",
                "bank_account_name": "某某有限公司",
            }),
        ),
        _ => (
            "bank_transfer_info",
            json!({
                "bill_no": recharge.id,
                "memo": recharge.key.number,
                "bank_name": "招商银行",
                "bank_card_tail": "1234",
                "bank_account_name": "某某有限公司",
            }),
        ),
    };
    let Value::Object(mut payment) = payment else {
        return (name, Map::new());
    };
    if is_returned(recharge) {
        let reason = recharge.text("/return_reason");
        let reason = reason.unwrap_or_else(|| "充值金额与充值单不一致".to_owned());
        payment.insert("return_time".to_owned(), json!(rfc3339(recharge.updated_at)));
        payment.insert("return_reason".to_owned(), json!(reason));
    }
    (name, payment)
}

/// The part of a notification about money that went back.
fn returned(recharge: &Record) -> Map<String, Value> {
    let mut json = recharge.members(&["recharge_returned_id", "recharge_channel", "sub_mchid"]);
    let (_, mut detail) = payment(recharge);
    detail.remove("bill_no");
    detail.insert("amount".to_owned(), json!(recharge.amount));
    detail.insert("currency".to_owned(), json!("CNY"));
    for (name, value) in [
        ("sp_mchid", json!(recharge.key.mchid)),
        ("out_recharge_no", json!(recharge.key.number)),
        ("recharge_id", json!(recharge.id)),
        ("detail", Value::Object(detail)),
    ] {
        json.insert(name.to_owned(), value);
    }
    json
}

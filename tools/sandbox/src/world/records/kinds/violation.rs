//! Violations: the platform punishes a sub-merchant, and tells the merchant above it (商户违规通知).

use serde_json::{Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    records::{
        kinds::address::{self, VIOLATIONS},
        machine::{Machine, Notice, Step, step},
        state::Record,
    },
};

/// The sub-merchant lost something.
pub(crate) const PUNISH: &str = "PUNISH";
/// A payment of it was stopped.
const INTERCEPT: &str = "INTERCEPT";
/// It appealed.
const APPEAL: &str = "APPEAL";

const STEPS: &[Step] = &[
    step(PUNISH, INTERCEPT),
    step(PUNISH, APPEAL),
    step(INTERCEPT, PUNISH),
    step(INTERCEPT, APPEAL),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS).notice(notice);

/// Members of a violation unless the caller says otherwise.
pub(crate) fn facts(sub_mchid: &str) -> Value {
    json!({
        "sub_mchid": sub_mchid,
        "company_name": "沙箱子商户有限公司",
        "punish_plan": "关闭支付权限",
        "punish_description": "该商户涉嫌违规交易，已关闭支付权限",
        "risk_type": "FRAUD",
        "risk_description": "涉嫌欺诈",
    })
}

fn notice(world: &World, violation: &Record) -> Option<Notice> {
    let event_type = match violation.state.as_str() {
        PUNISH => "VIOLATION.PUNISH",
        INTERCEPT => "VIOLATION.INTERCEPT",
        _ => "VIOLATION.APPEAL",
    };
    let mut resource = violation.members(&[
        "sub_mchid",
        "company_name",
        "punish_plan",
        "punish_description",
        "risk_type",
        "risk_description",
    ]);
    resource.insert("record_id".to_owned(), json!(violation.key.number));
    resource.insert("punish_time".to_owned(), json!(rfc3339(violation.created_at)));
    Some(Notice {
        event_type,
        original_type: "violation",
        summary: "商户平台处置记录",
        notify_url: address::of(world, &violation.key.mchid, VIOLATIONS)?,
        resource: Value::Object(resource),
    })
}

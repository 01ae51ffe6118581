//! Limitations: functions that the platform takes from a sub-merchant (商户管控).

use serde_json::{Map, Value, json};

use crate::world::{
    clock::Day,
    records::{
        machine::{Machine, Step, step},
        state::Record,
    },
};

/// The functions are gone.
pub(crate) const LIMITED: &str = "LIMITED";
/// They came back.
const LIFTED: &str = "LIFTED";

const STEPS: &[Step] = &[
    step(LIMITED, LIMITED),
    step(LIMITED, LIFTED),
    step(LIFTED, LIMITED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS);

/// Members of a limitation unless the caller says otherwise.
pub(crate) fn facts(sub_mchid: &str) -> Value {
    json!({
        "sub_mchid": sub_mchid,
        "limitation_reason": "商户存在异常交易",
        "limitation_reason_describe": "请按指引提交资料，审核通过后恢复",
        "limitation_reason_type": "RISK_ABNORMAL",
        "limitation_action_type": "LIMIT_ACTION_TYPE_IMMEDIATE_CONTROL",
        "recover_way": "SUBMIT_INFORMATION_FOR_APPEAL",
        "recover_help_url": "https://pay.weixin.qq.com",
        "relate_limitations": ["NO_PAYMENT", "NO_WITHDRAWAL"],
    })
}

/// A limitation as the query tells it.
pub(crate) fn view(limitation: &Record) -> Map<String, Value> {
    let mut json = limitation.members(&[
        "limitation_reason",
        "limitation_reason_describe",
        "recover_way",
        "recover_way_param",
        "recover_help_url",
        "limitation_action_type",
        "limitation_start_date",
        "limitation_reason_type",
        "relate_limitations",
        "other_relate_limitations",
    ]);
    let day = Day::of(limitation.created_at);
    json.insert("limitation_case_id".to_owned(), json!(limitation.key.number));
    json.insert("limitation_date".to_owned(), json!(day.to_string()));
    json
}

//! Due diligence: the platform asks for papers of a sub-merchant, and examines them (强化尽调).

use serde_json::{Map, Value, json};

use crate::world::{
    clock::rfc3339,
    records::{
        machine::{Machine, Step, next, step},
        state::Record,
    },
};

/// Waits for the papers.
pub(crate) const COLLECTING: &str = "DUE_DILIGENCE_STATE_COLLECTING";
pub(crate) const AUDITING: &str = "DUE_DILIGENCE_STATE_AUDITING";
/// To be corrected and submitted again.
pub(crate) const REJECTED: &str = "DUE_DILIGENCE_STATE_REJECTED";
const EXPIRED: &str = "DUE_DILIGENCE_STATE_EXPIRED";
const CANCELLED: &str = "DUE_DILIGENCE_STATE_CANCELLED";
const FINISHED: &str = "DUE_DILIGENCE_STATE_FINISHED";

/// So many seconds for the papers.
const DEADLINE: i64 = 30 * 24 * 3600;

const STEPS: &[Step] = &[
    step(COLLECTING, AUDITING),
    step(COLLECTING, EXPIRED),
    step(COLLECTING, CANCELLED),
    next(AUDITING, FINISHED),
    step(AUDITING, REJECTED),
    step(AUDITING, CANCELLED),
    step(REJECTED, AUDITING),
    step(REJECTED, EXPIRED),
    step(REJECTED, CANCELLED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS).times(&[
    (AUDITING, "submit_time"),
    (REJECTED, "reject_time"),
    (FINISHED, "complete_time"),
    (EXPIRED, "terminal_time"),
    (CANCELLED, "terminal_time"),
]);

/// Items unless the caller says otherwise: a text, an encrypted text, a file.
pub(crate) fn facts(sub_mchid: &str) -> Value {
    json!({
        "sub_mchid": sub_mchid,
        "record_fields": [
            {
                "item_id": "100001", "field_name": "business_description", "name": "经营情况说明", "type": 1,
                "required": 1, "tips": "请说明主要商品和客户来源", "check_rule": { "min_length": 1, "max_length": 512 },
            },
            {
                "item_id": "100002", "field_name": "contact_id_number", "name": "联系人证件号码", "type": 1,
                "required": 1, "need_encrypt": true, "check_rule": { "min_length": 1, "max_length": 64 },
            },
            {
                "item_id": "100003", "field_name": "shop_picture", "name": "经营场所照片", "type": 2,
                "required": 0, "check_rule": { "enum_file_exts": ["png", "jpg", "jpeg"], "max_file_size": 5 },
            },
        ],
    })
}

/// A due diligence as the query tells it, without its forms.
pub(crate) fn view(diligence: &Record) -> Map<String, Value> {
    let mut json = diligence.members(&["sub_mchid", "submit_time", "complete_time", "terminal_time"]);
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("due_diligence_id", json!(diligence.key.number));
    put("due_diligence_state", json!(diligence.state));
    let deadline = diligence.created_at.saturating_add(DEADLINE);
    put("deadline_time", json!(rfc3339(deadline)));
    if diligence.state == REJECTED {
        json.extend(diligence.members(&["reject_time", "reject_reason"]));
    }
    json
}

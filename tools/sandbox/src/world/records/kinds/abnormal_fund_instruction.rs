//! Instructions where the money of a payment goes that could not be credited (在途异常资金付款指令).

use serde_json::{Map, Value, json};

use super::abnormal_fund;
use crate::world::{
    World,
    clock::rfc3339,
    records::{
        machine::{Follow, Machine, Step, next, step},
        state::Record,
    },
};

pub(crate) const PENDING: &str = "INSTRUCTION_STATE_PENDING";
const IN_PROGRESS: &str = "INSTRUCTION_STATE_IN_PROGRESS";
const CLOSED: &str = "INSTRUCTION_STATE_CLOSED";
const SUCCESS: &str = "INSTRUCTION_STATE_SUCCESS";

const STEPS: &[Step] = &[
    next(PENDING, IN_PROGRESS),
    step(PENDING, SUCCESS),
    step(PENDING, CLOSED),
    next(IN_PROGRESS, SUCCESS),
    step(IN_PROGRESS, CLOSED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .times(&[(SUCCESS, "success_time"), (CLOSED, "close_time")])
    .follows(follows);

/// The payment ends with its instruction, or waits for another one.
fn follows(_world: &World, instruction: &Record) -> Vec<Follow> {
    let follow = match instruction.state.as_str() {
        SUCCESS => {
            let mut told = told_of(instruction);
            told.insert("instruction_instance_id".to_owned(), json!(instruction.id));
            abnormal_fund::go(instruction, abnormal_fund::COMPLETED, &Value::Object(told))
        }
        CLOSED => abnormal_fund::go(instruction, abnormal_fund::PENDING, &Value::Null),
        _ => None,
    };
    follow.into_iter().collect()
}

/// An instruction as its query tells it.
pub(crate) fn view(instruction: &Record) -> Value {
    let mut json = told_of(instruction);
    json.extend(instruction.members(&["close_time"]));
    json.insert("instruction_state".to_owned(), json!(instruction.state));
    json.insert("instruction_instance_id".to_owned(), json!(instruction.id));
    Value::Object(json)
}

fn told_of(instruction: &Record) -> Map<String, Value> {
    let request = Value::from(instruction.request.clone());
    let mut json = told(&instruction.key.mchid, &request, instruction.created_at);
    json.extend(instruction.members(&["success_time"]));
    json
}

/// The part of an instruction that its payment tells too.
pub(crate) fn told(mchid: &str, request: &Value, at: i64) -> Map<String, Value> {
    let mut json = Map::new();
    for name in ["out_instruction_no", "transfer_mode", "receiver", "notify_url"] {
        if let Some(value) = request.get(name) {
            json.insert(name.to_owned(), value.clone());
        }
    }
    let commander = json!({ "operator": "MERCHANT", "mchid": mchid });
    json.insert("commander".to_owned(), commander);
    json.insert("create_time".to_owned(), json!(rfc3339(at)));
    json
}

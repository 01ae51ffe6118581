//! Payments that could not be credited and wait for an instruction (在途异常资金).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    funds::ledger::Account,
    records::{
        machine::{Follow, Machine, Notice, Step, step},
        money::moved,
        state::{Record, RecordKey, RecordKind},
    },
};

/// Waits for an instruction.
pub(crate) const PENDING: &str = "RECEIPT_STATE_PENDING";
pub(crate) const PROGRESS: &str = "RECEIPT_STATE_PROGRESS";
pub(super) const COMPLETED: &str = "RECEIPT_STATE_COMPLETED";

/// Ways of the money that end in a merchant's account.
const TO_MERCHANTS: &[&str] = &[
    "TRANSFER_MODE_TO_ORIGINAL_RECEIVE_MERCHANT",
    "TRANSFER_MODE_TO_SPECIFIED_RECEIVE_MERCHANT",
];

/// An instruction that is closed leaves the payment waiting.
const STEPS: &[Step] = &[
    step(PENDING, PROGRESS),
    step(PROGRESS, COMPLETED),
    step(PROGRESS, PENDING),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .entered(entered)
    .notice(notice)
    .follows(follows);

/// Step of another record that the end of a payment brings.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Then {
    pub(crate) key: RecordKey,
    pub(crate) to: String,
}

/// A payment of a merchant that waits from now on.
pub(crate) fn draft(world: &World, mchid: &str, id: String, amount: i64, then: Option<&Then>) -> Record {
    let now = world.clock.now();
    Record {
        key: RecordKey {
            kind: RecordKind::AbnormalFund,
            mchid: mchid.to_owned(),
            number: id.clone(),
        },
        id,
        amount,
        state: PENDING.to_owned(),
        request: json!({}).into(),
        facts: json!({ "then": then }).into(),
        created_at: now,
        updated_at: now,
    }
}

/// The step of a payment that one of its instructions brings.
///
/// The payment keeps what is `told` of the instruction.
pub(super) fn go(instruction: &Record, to: &str, told: &Value) -> Option<Follow> {
    Some(Follow::Go {
        key: RecordKey {
            kind: RecordKind::AbnormalFund,
            mchid: instruction.key.mchid.clone(),
            number: instruction.text("/receipt_id")?,
        },
        to: to.to_owned(),
        facts: json!({ "instruction": told }),
    })
}

/// Money for a merchant arrives; a user's is not in the sandbox.
fn entered(world: &World, payment: &Record) {
    let text = |pointer: &str| payment.text(pointer);
    let mode = text("/instruction/transfer_mode").unwrap_or_default();
    if payment.state == COMPLETED && TO_MERCHANTS.contains(&mode.as_str()) {
        let owner = text("/instruction/receiver/mchid").unwrap_or_else(|| payment.key.mchid.clone());
        moved(
            world,
            payment,
            &owner,
            Account::Basic,
            payment.amount,
            "在途异常资金",
            "在途异常资金付款",
        );
    }
}

fn follows(_world: &World, payment: &Record) -> Vec<Follow> {
    let then = payment
        .value("/then")
        .filter(|_| payment.state == COMPLETED)
        .and_then(|then| serde_json::from_value::<Then>(then).ok());
    let follow = then.map(|then| Follow::Go {
        key: then.key,
        to: then.to,
        facts: Value::Null,
    });
    follow.into_iter().collect()
}

fn notice(_: &World, payment: &Record) -> Option<Notice> {
    if payment.state != COMPLETED {
        return None;
    }
    Some(Notice {
        event_type: "ABNORMAL_FUND_PROCESSING.TRANSFER.SUCCESS",
        original_type: "abnormal_fund_processing",
        summary: "异常转付处理成功",
        notify_url: payment.text("/instruction/notify_url")?,
        resource: view(payment),
    })
}

/// A payment as queries and the notification tell it.
pub(crate) fn view(payment: &Record) -> Value {
    let mut json = json!({
        "product_name": "C2C",
        "receipt_id": payment.id,
        "transfer_amount": { "total": payment.amount, "currency": "CNY" },
        "receipt_state": payment.state,
        "create_time": rfc3339(payment.created_at),
        "last_update_time": rfc3339(payment.updated_at),
    });
    let instruction = payment
        .value("/instruction")
        .filter(|instruction| !instruction.is_null());
    if let (Some(instruction), Some(json)) = (instruction, json.as_object_mut()) {
        json.insert("instruction".to_owned(), instruction);
    }
    json
}

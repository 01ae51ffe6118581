//! Settlements of paid orders to a person, in batches (个人收款结算批次).

use serde_json::{Value, json};

use super::abnormal_fund::{self, Then};
use crate::world::{
    World,
    clock::rfc3339,
    funds::ledger::Account,
    records::{
        machine::{Follow, Machine, Notice, Step, next, step},
        money::moved,
        state::Record,
    },
};

pub(crate) const ACCEPTED: &str = "ACCEPTED";
/// The person has the money.
const RECEIVED: &str = "RECEIVED";
/// The merchants have theirs too.
const SUCCESS: &str = "SUCCESS";
const DEDUCT_FEE_FAIL: &str = "DEDUCT_FEE_FAIL";
/// The person cannot receive the money: it waits for an instruction.
pub(crate) const ABNORMAL: &str = "ABNORMAL";
/// An instruction was carried out.
pub(crate) const ABNORMAL_SETTLED: &str = "ABNORMAL_SETTLE_SUCCESS";

const STEPS: &[Step] = &[
    next(ACCEPTED, RECEIVED),
    step(ACCEPTED, SUCCESS),
    step(ACCEPTED, ABNORMAL),
    next(RECEIVED, SUCCESS),
    step(RECEIVED, DEDUCT_FEE_FAIL),
    step(DEDUCT_FEE_FAIL, SUCCESS),
    step(ABNORMAL, ABNORMAL_SETTLED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .entered(entered)
    .notice(notice)
    .times(&[
        (RECEIVED, "received_time"),
        (SUCCESS, "finish_time"),
        (ABNORMAL_SETTLED, "finish_time"),
    ])
    .follows(follows);

/// Part of an order's money.
pub(crate) struct Part {
    /// A merchant's account; of a person's part there is none in the sandbox.
    pub(crate) mchid: Option<String>,
    pub(crate) amount: i64,
}

/// The orders that a batch settles.
pub(crate) fn orders(request: &Value) -> impl Iterator<Item = &Value> {
    let orders = request.pointer("/settle_info_list").and_then(Value::as_array);
    orders.into_iter().flatten()
}

/// The parts of an order's money that the batch names.
pub(crate) fn parts(order: &Value) -> impl Iterator<Item = Part> {
    let details = order
        .pointer("/settle_detail_info_list")
        .and_then(Value::as_array);
    details.into_iter().flatten().filter_map(|detail| {
        let text = |key: &str| detail.get(key).and_then(Value::as_str);
        let account = text("receiver_account").filter(|_| text("receiver_type") == Some("MERCHANT"));
        Some(Part {
            mchid: account.map(str::to_owned),
            amount: detail.pointer("/amount/amount")?.as_i64()?,
        })
    })
}

/// Moves the money that is held for the person, under the authorisation id.
fn entered(world: &World, batch: &Record) {
    let is_received = batch.text("/received_time").is_some();
    match batch.state.as_str() {
        RECEIVED => to_person(world, batch),
        SUCCESS if is_received => to_merchants(world, batch),
        SUCCESS | ABNORMAL_SETTLED => {
            to_person(world, batch);
            to_merchants(world, batch);
        }
        _ => {}
    }
}

/// The person's wallet is not in the sandbox.
fn to_person(world: &World, batch: &Record) {
    let held_by = person(batch);
    let out = batch.amount.saturating_neg();
    moved(world, batch, &held_by, Account::Basic, out, "个人收款", "结算");
}

fn to_merchants(world: &World, batch: &Record) {
    let held_by = person(batch);
    let request = Value::from(batch.request.clone());
    for Part { mchid, amount } in orders(&request).flat_map(parts) {
        let Some(mchid) = mchid else { continue };
        let out = amount.saturating_neg();
        moved(
            world,
            batch,
            &held_by,
            Account::Basic,
            out,
            "个人收款",
            "平台服务费",
        );
        moved(
            world,
            batch,
            &mchid,
            Account::Basic,
            amount,
            "个人收款",
            "平台服务费",
        );
    }
}

/// The authorisation id of the person.
fn person(batch: &Record) -> String {
    batch.text("/individual_auth_id").unwrap_or_default()
}

/// Money that a person cannot receive waits for an instruction, which ends the batch.
fn follows(world: &World, batch: &Record) -> Vec<Follow> {
    if batch.state != ABNORMAL {
        return Vec::new();
    }
    let then = Then {
        key: batch.key.clone(),
        to: ABNORMAL_SETTLED.to_owned(),
    };
    let id = receipt_id(batch);
    let payment = abnormal_fund::draft(world, &batch.key.mchid, id, batch.amount, Some(&then));
    vec![Follow::Open(payment)]
}

/// The number of the payment that waits if the batch is abnormal.
pub(crate) fn receipt_id(batch: &Record) -> String {
    format!("1{}", batch.id)
}

fn notice(_: &World, batch: &Record) -> Option<Notice> {
    if matches!(batch.state.as_str(), ACCEPTED | RECEIVED) {
        return None;
    }
    Some(Notice {
        event_type: "SETTLEMENT.SUCCESS",
        original_type: "settlement",
        summary: "结算结果通知",
        notify_url: batch.text("/notify_url")?,
        resource: view(batch),
    })
}

/// A batch as requests, queries and notifications tell it.
pub(crate) fn view(batch: &Record) -> Value {
    let mut json = batch.members(&[
        "individual_auth_id",
        "description",
        "trade_scenario",
        "finish_time",
        "abnormal_type",
        "abnormal_settle_result",
    ]);
    for (key, value) in [
        ("out_settle_batch_no", json!(batch.key.number)),
        ("settle_batch_no", json!(batch.id)),
        ("state", json!(batch.state)),
        ("create_time", json!(rfc3339(batch.created_at))),
    ] {
        json.insert(key.to_owned(), value);
    }
    Value::Object(json)
}

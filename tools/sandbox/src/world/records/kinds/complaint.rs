//! Complaints of payers about orders (消费者投诉), their history, and the addresses that are told of them.
//!
//! The fact `step` of a complaint says what happened: `action_type` as notifications have it, `operate_type` as the history has
//! it if the action does not say it already, `operate_details`, and `images`, ids of pictures.

use serde_json::{Value, json};

use crate::world::{
    World,
    records::{
        machine::{Follow, Machine, Notice, Step, step},
        state::{Record, RecordKey, RecordKind},
    },
};

/// Waits for the first reply.
pub(crate) const PENDING: &str = "PENDING";
/// The merchant has replied.
pub(crate) const PROCESSING: &str = "PROCESSING";
/// Completed, until the payer complains again.
pub(crate) const PROCESSED: &str = "PROCESSED";

/// A message changes no state; it is a step all the same.
const STEPS: &[Step] = &[
    step(PENDING, PENDING),
    step(PENDING, PROCESSING),
    step(PENDING, PROCESSED),
    step(PROCESSING, PROCESSING),
    step(PROCESSING, PENDING),
    step(PROCESSING, PROCESSED),
    step(PROCESSED, PENDING),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS).follows(entered).notice(notice);

/// An entry stays as it is.
pub(crate) const ENTRIES: Machine = Machine::new(&[]).follows(replied);

pub(crate) const SET: &str = "SET";
pub(crate) const DELETED: &str = "DELETED";

pub(crate) const ADDRESSES: Machine = Machine::new(&[step(SET, SET), step(SET, DELETED), step(DELETED, SET)]);

const PAYER: &str = "投诉人";
const MERCHANT: &str = "商户";
const PLATFORM: &str = "微信支付客服";
const SYSTEM: &str = "系统";

/// Each `action_type` of a notification, with the `operate_type` of the history.
const ACTIONS: &[(&str, &str)] = &[
    ("CREATE_COMPLAINT", "USER_CREATE_COMPLAINT"),
    ("CONTINUE_COMPLAINT", "USER_CONTINUE_COMPLAINT"),
    ("USER_RESPONSE", "USER_RESPONSE"),
    ("RESPONSE_BY_PLATFORM", "PLATFORM_RESPONSE"),
    ("SELLER_REFUND", "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE"),
    ("MERCHANT_RESPONSE", "MERCHANT_RESPONSE"),
    ("MERCHANT_CONFIRM_COMPLETE", "MERCHANT_CONFIRM_COMPLETE"),
    ("USER_APPLY_PLATFORM_SERVICE", "USER_APPLY_PLATFORM_SERVICE"),
    ("USER_CANCEL_PLATFORM_SERVICE", "USER_CANCEL_PLATFORM_SERVICE"),
    ("PLATFORM_SERVICE_FINISHED", "PLATFORM_SERVICE_FINISHED"),
    ("MERCHANT_APPROVE_REFUND", "MERCHANT_APPROVE_REFUND"),
    // The platform spells it so.
    ("MERCHANT_REJECT_REFUND", "MERCHANT_REFUSE_RERUND"),
    ("REFUND_SUCCESS", "COMPLAINT_REFUND_RECEIVED_SYSTEM_MESSAGE"),
];

/// The author of an entry.
pub(crate) fn operator(operate_type: &str) -> &'static str {
    if operate_type.ends_with("_SYSTEM_MESSAGE") {
        SYSTEM
    } else if operate_type.starts_with("USER_") {
        PAYER
    } else if operate_type.starts_with("MERCHANT_") {
        MERCHANT
    } else {
        PLATFORM
    }
}

/// Key of an entry, under its own number or one of the merchant's.
pub(crate) fn entry_key(complaint: &RecordKey, number: &str) -> RecordKey {
    RecordKey {
        kind: RecordKind::ComplaintEntry,
        mchid: complaint.mchid.clone(),
        number: format!("{}/{number}", complaint.number),
    }
}

/// The history of a complaint, the oldest entry first.
pub(crate) fn entries(world: &World, complaint: &RecordKey) -> Vec<Record> {
    let beginning = entry_key(complaint, "").number;
    world.records.filtered(|record| {
        record.key.kind == RecordKind::ComplaintEntry
            && record.key.mchid == complaint.mchid
            && record.key.number.starts_with(&beginning)
    })
}

/// A merchant's address, if it has set one.
pub(crate) fn address(world: &World, mchid: &str) -> Option<Record> {
    let key = RecordKey {
        kind: RecordKind::ComplaintNotifyUrl,
        mchid: mchid.to_owned(),
        number: mchid.to_owned(),
    };
    world.records.get(&key)
}

/// Adds what happened to the history, if it is not an entry already.
fn entered(world: &World, complaint: &Record) -> Vec<Follow> {
    let of_action = || {
        let action = complaint.text("/step/action_type")?;
        let (_, operate_type) = ACTIONS.iter().find(|(known, _)| *known == action)?;
        Some((*operate_type).to_owned())
    };
    let operate_type = complaint.text("/step/operate_type").or_else(of_action);
    let is_entry = complaint.value("/step/is_entry") == Some(json!(true));
    let Some(operate_type) = operate_type.filter(|_| !is_entry) else {
        return Vec::new();
    };
    let at = complaint.updated_at;
    let log_id = world.ids.long_id("300", at);
    vec![Follow::Open(Record {
        key: entry_key(&complaint.key, &log_id),
        id: log_id,
        amount: 0,
        state: operate_type,
        request: json!({
            "operate_details": complaint.value("/step/operate_details"),
            "images": complaint.value("/step/images"),
        })
        .into(),
        facts: Value::Null.into(),
        created_at: at,
        updated_at: at,
    })]
}

/// A reply under a number of the merchant is a step of the complaint.
fn replied(_: &World, entry: &Record) -> Vec<Follow> {
    let complaint = entry.key.number.split_once('/');
    let complaint = complaint.filter(|_| entry.value("/idempotent_id").is_some());
    let go = |(number, _): (&str, &str)| Follow::Go {
        key: RecordKey {
            kind: RecordKind::Complaint,
            mchid: entry.key.mchid.clone(),
            number: number.to_owned(),
        },
        to: PROCESSING.to_owned(),
        facts: json!({ "step": { "action_type": "MERCHANT_RESPONSE", "is_entry": true } }),
    };
    complaint.map(go).into_iter().collect()
}

fn notice(world: &World, complaint: &Record) -> Option<Notice> {
    let action = complaint.text("/step/action_type")?;
    let url = address(world, &complaint.key.mchid).filter(|address| address.state == SET)?;
    let (event_type, summary) = if action == "CREATE_COMPLAINT" {
        ("COMPLAINT.CREATE", "产生新投诉")
    } else {
        ("COMPLAINT.STATE_CHANGE", "投诉单状态变化")
    };
    Some(Notice {
        event_type,
        original_type: "complaint",
        summary,
        notify_url: url.text("/url")?,
        resource: json!({ "complaint_id": complaint.id, "action_type": action }),
    })
}

//! Transfers: money from a merchant or sub-merchant to a user who confirms it (商家转账).

use serde_json::{Map, Value, json};

use super::user_authorization::{CLOSED, TAKING_EFFECT};
use crate::world::{
    World,
    clock::rfc3339,
    funds::ledger::Account,
    records::{
        machine::{Follow, Machine, Notice, Step, next, step},
        money::moved,
        state::{Record, RecordKey, RecordKind},
    },
};

/// The user may confirm.
pub(crate) const WAIT: &str = "WAIT_USER_CONFIRM";
/// Accepted; the user confirms nothing.
pub(crate) const ACCEPTED: &str = "ACCEPTED";
const PROCESSING: &str = "PROCESSING";
/// Confirmed; the money is on its way. The platform spells it with one `r`.
const TRANSFERRING: &str = "TRANSFERING";
pub(crate) const SUCCESS: &str = "SUCCESS";
const FAIL: &str = "FAIL";
/// The merchant cancelled it; not certain yet.
pub(crate) const CANCELING: &str = "CANCELING";
pub(crate) const CANCELLED: &str = "CANCELLED";

/// The user may have confirmed in the moment of a cancellation.
const STEPS: &[Step] = &[
    next(ACCEPTED, TRANSFERRING),
    step(ACCEPTED, PROCESSING),
    step(ACCEPTED, FAIL),
    next(PROCESSING, TRANSFERRING),
    step(PROCESSING, FAIL),
    next(WAIT, TRANSFERRING),
    step(WAIT, SUCCESS),
    step(WAIT, FAIL),
    step(WAIT, CANCELING),
    next(TRANSFERRING, SUCCESS),
    step(TRANSFERRING, FAIL),
    next(CANCELING, CANCELLED),
    step(CANCELING, TRANSFERRING),
    step(CANCELING, SUCCESS),
    step(CANCELING, FAIL),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .entered(entered)
    .follows(|_, transfer| authorization(transfer).into_iter().collect())
    .notice(notice);

/// Payer: the sub-merchant or the sponsor that the request names, or the merchant itself.
fn payer(transfer: &Record) -> String {
    let sponsor = || transfer.request.text("/sponsor_mchid");
    sub_mchid(transfer)
        .or_else(sponsor)
        .unwrap_or_else(|| transfer.key.mchid.clone())
}

/// The money leaves at once, and comes back if the user does not get it.
fn entered(world: &World, transfer: &Record) {
    let owner = &payer(transfer);
    match transfer.state.as_str() {
        WAIT | ACCEPTED => {
            let out = transfer.amount.saturating_neg();
            moved(
                world,
                transfer,
                owner,
                Account::Basic,
                out,
                "商家转账",
                "商家转账",
            );
        }
        FAIL | CANCELLED => {
            let back = transfer.amount;
            moved(
                world,
                transfer,
                owner,
                Account::Basic,
                back,
                "商家转账",
                "商家转账退回",
            );
        }
        _ => {}
    }
}

/// The sub-merchant that pays, if it is a platform's transfer.
pub(crate) fn sub_mchid(transfer: &Record) -> Option<String> {
    transfer.request.text("/sub_mchid")
}

/// Who received a transfer has given the authorisation that was asked for with it.
fn authorization(transfer: &Record) -> Option<Follow> {
    let number = transfer.text("/authorization_info/out_authorization_no")?;
    let to = match transfer.state.as_str() {
        SUCCESS => TAKING_EFFECT,
        FAIL | CANCELLED => CLOSED,
        _ => return None,
    };
    let key = RecordKey {
        kind: RecordKind::TransferAuthorization,
        mchid: transfer.key.mchid.clone(),
        number,
    };
    Some(Follow::Go {
        key,
        to: to.to_owned(),
        facts: Value::Null,
    })
}

fn notice(_: &World, transfer: &Record) -> Option<Notice> {
    if !matches!(transfer.state.as_str(), SUCCESS | FAIL | CANCELLED) {
        return None;
    }
    Some(Notice {
        event_type: "MCHTRANSFER.BILL.FINISHED",
        original_type: "mch_payment",
        summary: "商家转账单据终态通知",
        notify_url: transfer.text("/notify_url")?,
        resource: Value::Object(told(transfer)),
    })
}

/// A transfer as queries tell it.
pub(crate) fn view(transfer: &Record) -> Map<String, Value> {
    let mut json = told(transfer);
    json.extend(transfer.members(&["appid", "transfer_remark"]));
    if sub_mchid(transfer).is_some() {
        json.extend(transfer.members(&["transfer_scene_id"]));
    }
    json
}

fn told(transfer: &Record) -> Map<String, Value> {
    let mut json = transfer.members(&["openid", "fail_reason", "sub_mchid"]);
    if transfer.state == CANCELLED {
        json.insert("fail_reason".to_owned(), json!("MERCHANT_REJECT"));
    }
    // The pages of platforms spell it otherwise.
    let mchid = match transfer.key.kind {
        RecordKind::EcommerceTransfer => "mchid",
        _ => "mch_id",
    };
    for (key, value) in [
        (mchid, json!(transfer.key.mchid)),
        ("out_bill_no", json!(transfer.key.number)),
        ("transfer_bill_no", json!(transfer.id)),
        ("state", json!(transfer.state)),
        ("transfer_amount", json!(transfer.amount)),
        ("create_time", json!(rfc3339(transfer.created_at))),
        ("update_time", json!(rfc3339(transfer.updated_at))),
    ] {
        json.insert(key.to_owned(), value);
    }
    json
}

//! Authorisations: a user who gave one confirms no transfer of the merchant any more (免确认收款授权).

use serde_json::{Map, Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    records::{
        machine::{Machine, Notice, Step, next, step},
        state::Record,
    },
};

/// The user may confirm.
pub(crate) const WAIT: &str = "WAIT_USER_CONFIRM";
/// The user confirms it together with a transfer, or not at all.
pub(crate) const WITH_TRANSFER: &str = "WITH_TRANSFER";
/// In effect.
pub(crate) const TAKING_EFFECT: &str = "TAKING_EFFECT";
pub(crate) const CLOSED: &str = "CLOSED";

/// The fact that has the time of the user's confirmation.
const AUTHORIZED: &str = "authorize_time";
const END: &str = "close_time";

const STEPS: &[Step] = &[
    next(WAIT, TAKING_EFFECT),
    step(WAIT, CLOSED),
    step(WITH_TRANSFER, TAKING_EFFECT),
    step(WITH_TRANSFER, CLOSED),
    step(TAKING_EFFECT, CLOSED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .times(&[(TAKING_EFFECT, AUTHORIZED), (CLOSED, END)])
    .notice(notice);

/// The merchant is told of what a user confirmed, and of its end.
fn notice(_: &World, authorization: &Record) -> Option<Notice> {
    authorization.text(&format!("/{AUTHORIZED}"))?;
    let event_type = match authorization.state.as_str() {
        TAKING_EFFECT => "MCHTRANSFER.AUTHORIZATION.CONFIRMED",
        _ => "MCHTRANSFER.AUTHORIZATION.CLOSED",
    };
    Some(Notice {
        event_type,
        original_type: "mch_payment",
        summary: "免确认收款授权结果通知",
        notify_url: authorization.text("/authorization_notify_url")?,
        resource: Value::Object(told(authorization)),
    })
}

/// An authorisation as queries tell it.
pub(crate) fn view(authorization: &Record) -> Map<String, Value> {
    let mut json = told(authorization);
    json.extend(authorization.members(&["transfer_scene_id", "user_recv_perception"]));
    json.insert("create_time".to_owned(), json!(rfc3339(authorization.created_at)));
    json
}

/// The state as the platform spells it.
pub(crate) fn state(authorization: &Record) -> &str {
    match authorization.state.as_str() {
        WITH_TRANSFER => WAIT,
        state => state,
    }
}

fn told(authorization: &Record) -> Map<String, Value> {
    let mut json = authorization.members(&[
        "out_authorization_no",
        "appid",
        "openid",
        "user_display_name",
        AUTHORIZED,
    ]);
    let is_authorized = json.contains_key(AUTHORIZED);
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("state", json!(state(authorization)));
    if is_authorized {
        put("authorization_id", json!(authorization.id));
    }
    if authorization.state == CLOSED {
        let by = if is_authorized {
            "USER_CLOSE"
        } else {
            "USER_OVERDUE_UNCONFIRMED"
        };
        let reason = authorization.text("/close_reason");
        put(
            "close_info",
            json!({
                "close_time": authorization.text(&format!("/{END}")),
                "close_reason": reason.unwrap_or_else(|| by.to_owned()),
            }),
        );
    }
    json
}

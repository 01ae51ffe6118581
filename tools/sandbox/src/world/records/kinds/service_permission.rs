//! Authorisations of a service that is paid after it (支付分授权).

use serde_json::{Map, Value, json};

use super::service_order::compact;
use crate::world::{
    World,
    orders::buyer::Buyer,
    records::{
        machine::{Machine, Notice, Step, next, step},
        state::Record,
    },
};

/// The user has not given it yet.
pub(crate) const UNBOUND: &str = "UNBINDUSER";
/// In effect.
pub(crate) const AVAILABLE: &str = "AVAILABLE";
pub(crate) const UNAVAILABLE: &str = "UNAVAILABLE";

const STEPS: &[Step] = &[
    next(UNBOUND, AVAILABLE),
    step(UNBOUND, UNAVAILABLE),
    step(AVAILABLE, UNAVAILABLE),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .times(&[(AVAILABLE, OPENED), (UNAVAILABLE, CLOSED)])
    .notice(notice);

const OPENED: &str = "authorization_success_time";
const CLOSED: &str = "cancel_authorization_time";

/// Openid of the user, who is known once the authorisation was given.
pub(crate) fn openid(permission: &Record) -> Option<String> {
    permission.text(&format!("/{OPENED}"))?;
    let appid = permission.text("/appid").unwrap_or_default();
    let openid = permission.text("/openid");
    Some(openid.unwrap_or_else(|| Buyer::Alice.openid(&appid)))
}

fn notice(_: &World, permission: &Record) -> Option<Notice> {
    let openid = openid(permission)?;
    let (event_type, status, time, summary) = match permission.state.as_str() {
        AVAILABLE => (
            "PAYSCORE.USER_OPEN_SERVICE",
            "USER_OPEN_SERVICE",
            OPENED,
            "支付分服务用户授权成功",
        ),
        _ => (
            "PAYSCORE.USER_CLOSE_SERVICE",
            "USER_CLOSE_SERVICE",
            CLOSED,
            "支付分服务用户解除授权成功",
        ),
    };
    let mut resource = permission.members(&["appid", "service_id", "authorization_code"]);
    for (name, value) in [
        ("mchid", json!(permission.key.mchid)),
        ("openid", json!(openid)),
        ("user_service_status", json!(status)),
        (
            "openorclose_time",
            json!(permission.text(&format!("/{time}")).as_deref().map(compact)),
        ),
    ] {
        resource.insert(name.to_owned(), value);
    }
    Some(Notice {
        event_type,
        original_type: "payscore",
        summary,
        notify_url: permission.text("/notify_url")?,
        resource: Value::Object(resource),
    })
}

/// An authorisation as queries tell it.
pub(crate) fn view(permission: &Record) -> Map<String, Value> {
    let mut json = permission.members(&[
        "appid",
        "service_id",
        "authorization_code",
        "notify_url",
        OPENED,
        CLOSED,
    ]);
    json.insert("mchid".to_owned(), json!(permission.key.mchid));
    json.insert("authorization_state".to_owned(), json!(permission.state));
    if let Some(openid) = openid(permission) {
        json.insert("openid".to_owned(), json!(openid));
    }
    json
}

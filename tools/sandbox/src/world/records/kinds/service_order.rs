//! Orders of a service that is paid after it (支付分订单).

use serde_json::{Map, Value, json};

use crate::world::{
    World,
    clock::rfc3339,
    funds::ledger::Account,
    orders::buyer::Buyer,
    records::{
        machine::{Machine, Notice, Step, next, step},
        money::moved,
        state::Record,
    },
};

/// The user may confirm.
pub(crate) const CREATED: &str = "CREATED";
/// Confirmed; the service is under way.
pub(crate) const DOING: &str = "DOING";
/// The merchant completed it, and the user pays.
pub(crate) const USER_PAYING: &str = "USER_PAYING";
/// Paid.
pub(crate) const USER_PAID: &str = "USER_PAID";
/// Completed, and nothing is to be paid.
pub(crate) const DONE: &str = "DONE";
pub(crate) const REVOKED: &str = "REVOKED";
const EXPIRED: &str = "EXPIRED";

/// The amount may change until it is paid.
const STEPS: &[Step] = &[
    next(CREATED, DOING),
    step(CREATED, REVOKED),
    step(CREATED, EXPIRED),
    step(DOING, USER_PAYING),
    step(DOING, DONE),
    step(DOING, REVOKED),
    step(DOING, EXPIRED),
    next(USER_PAYING, USER_PAID),
    step(USER_PAYING, USER_PAYING),
    step(USER_PAYING, DONE),
    step(DONE, DONE),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .times(&[(USER_PAID, PAID_TIME)])
    .entered(entered)
    .notice(notice);

/// The fact that has the time of the payment.
const PAID_TIME: &str = "paid_time";
/// Paid in WeChat, and not in another way.
const IN_WECHAT: &str = "NEWTON";

fn entered(world: &World, order: &Record) {
    if order.state == USER_PAID && paid_type(order) == IN_WECHAT {
        let (owner, total) = (&order.key.mchid, total(order));
        moved(
            world,
            order,
            owner,
            Account::Basic,
            total,
            "支付分收款",
            "支付分收款",
        );
    }
}

/// Who told of the payment: WeChat, or the merchant who was paid in another way.
fn paid_type(order: &Record) -> String {
    let told = order.text("/paid_type");
    told.unwrap_or_else(|| IN_WECHAT.to_owned())
}

/// Fen to be paid, known once the order was completed.
fn total(order: &Record) -> i64 {
    let total = order.value("/total_amount");
    total.and_then(|total| total.as_i64()).unwrap_or_default()
}

fn notice(_: &World, order: &Record) -> Option<Notice> {
    let (event_type, summary) = match order.state.as_str() {
        // An order that needs no confirmation is under way from the beginning.
        DOING if order.updated_at > order.created_at => ("PAYSCORE.USER_CONFIRM", "支付分服务用户确认成功"),
        USER_PAID => ("PAYSCORE.USER_PAID", "支付分服务用户支付成功"),
        _ => return None,
    };
    Some(Notice {
        event_type,
        original_type: "payscore",
        summary,
        notify_url: order.text("/notify_url")?,
        resource: Value::Object(view(order)),
    })
}

/// Members that the merchant sent and every answer repeats.
const OWN: &[&str] = &[
    "appid",
    "service_id",
    "service_introduction",
    "post_payments",
    "post_discounts",
    "risk_fund",
    "time_range",
    "location",
    "attach",
    "notify_url",
];

/// An order as queries tell it.
pub(crate) fn view(order: &Record) -> Map<String, Value> {
    let mut json = order.members(OWN);
    let mut put = |name: &str, value: Value| {
        json.insert(name.to_owned(), value);
    };
    put("mchid", json!(order.key.mchid));
    put("out_order_no", json!(order.key.number));
    put("order_id", json!(order.id));
    let (state, description) = match order.state.as_str() {
        DOING => (DOING, Some("USER_CONFIRM")),
        USER_PAYING => (DOING, Some("MCH_COMPLETE")),
        USER_PAID => (DONE, None),
        state => (state, None),
    };
    put("state", json!(state));
    if let Some(description) = description {
        put("state_description", json!(description));
    }
    let appid = order.text("/appid").unwrap_or_default();
    let is_known = order.text("/openid").is_some() || order.state != CREATED;
    if is_known {
        let openid = order.text("/openid");
        put(
            "openid",
            json!(openid.unwrap_or_else(|| Buyer::Alice.openid(&appid))),
        );
    }
    if order.value("/total_amount").is_some() {
        let total = total(order);
        put("total_amount", json!(total));
        put("need_collection", json!(total > 0));
        if total > 0 && order.state != REVOKED {
            put("collection", collection(order, total));
        }
    }
    json
}

fn collection(order: &Record, total: i64) -> Value {
    if order.state != USER_PAID {
        return json!({
            "state": USER_PAYING, "total_amount": total, "paying_amount": total, "paid_amount": 0,
        });
    }
    let kind = paid_type(order);
    let mut detail = json!({
        "seq": 1,
        "amount": total,
        "paid_type": kind,
        "paid_time": order.text("/paid_elsewhere_at").unwrap_or_else(|| {
            compact(&order.text(&format!("/{PAID_TIME}")).unwrap_or_default())
        }),
    });
    if kind == IN_WECHAT
        && let Some(detail) = detail.as_object_mut()
    {
        detail.insert("transaction_id".to_owned(), json!(transaction_id(order)));
    }
    json!({
        "state": USER_PAID, "total_amount": total, "paying_amount": 0, "paid_amount": total,
        "details": [detail],
    })
}

/// Number of the payment, which follows from that of the order.
fn transaction_id(order: &Record) -> String {
    let end = order.id.len().saturating_sub(24);
    format!("4200{}", order.id.get(end..).unwrap_or_default())
}

/// The family writes times without any separator.
pub(super) fn compact(time: &str) -> String {
    let digits = time.chars().take(19).filter(char::is_ascii_digit);
    digits.collect()
}

/// When it was created, in the family's form.
pub(crate) fn created(order: &Record) -> String {
    compact(&rfc3339(order.created_at))
}

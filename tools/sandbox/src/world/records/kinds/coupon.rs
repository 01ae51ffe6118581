//! Coupons that users have (代金券).

use serde_json::{Map, Value, json};

use super::address::{self, COUPONS};
use crate::world::{
    World,
    clock::rfc3339,
    records::{
        machine::{Machine, Notice, Step, step},
        state::Record,
    },
};

/// The user has it.
pub(crate) const SENT: &str = "SENDED";
pub(crate) const USED: &str = "USED";
const EXPIRED: &str = "EXPIRED";

/// A refund gives a used coupon back.
const STEPS: &[Step] = &[step(SENT, USED), step(SENT, EXPIRED), step(USED, SENT)];

pub(crate) const MACHINE: Machine = Machine::new(STEPS)
    .times(&[(USED, "consume_time")])
    .notice(notice);

fn notice(world: &World, coupon: &Record) -> Option<Notice> {
    if coupon.state != USED {
        return None;
    }
    let mut resource = view(coupon);
    resource.insert("no_cash".to_owned(), json!(coupon.value("/no_cash")));
    Some(Notice {
        event_type: "COUPON.USE",
        original_type: "coupon",
        summary: "代金券核销通知",
        notify_url: address::of(world, &coupon.key.mchid, COUPONS)?,
        resource: Value::Object(resource),
    })
}

/// A coupon as queries tell it.
pub(crate) fn view(coupon: &Record) -> Map<String, Value> {
    let mut json = coupon.members(&[
        "stock_id",
        "stock_creator_mchid",
        "coupon_name",
        "description",
        "available_begin_time",
        "available_end_time",
        "normal_coupon_information",
        "singleitem",
    ]);
    for (name, value) in [
        ("coupon_id", json!(coupon.id)),
        ("status", json!(coupon.state)),
        ("coupon_type", json!("NORMAL")),
        ("create_time", json!(rfc3339(coupon.created_at))),
    ] {
        json.insert(name.to_owned(), value);
    }
    if coupon.state == USED {
        json.insert("consume_information".to_owned(), consumed(coupon));
    }
    json
}

/// Merchant and payment of its use.
fn consumed(coupon: &Record) -> Value {
    let number = coupon.text("/transaction_id");
    let mchid = coupon.text("/consume_mchid");
    let mut json = coupon.members(&["consume_time", "goods_detail"]);
    for (name, value) in [
        (
            "transaction_id",
            json!(number.unwrap_or_else(|| coupon.id.clone())),
        ),
        (
            "consume_mchid",
            json!(mchid.unwrap_or_else(|| coupon.key.mchid.clone())),
        ),
        ("consume_amount", json!(coupon.amount)),
    ] {
        json.insert(name.to_owned(), value);
    }
    Value::Object(json)
}

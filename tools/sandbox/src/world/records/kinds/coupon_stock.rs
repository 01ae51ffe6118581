//! Stocks of coupons (代金券批次).

use serde_json::{Map, Value, json};

use crate::world::{
    clock::rfc3339,
    records::{
        machine::{Machine, Step, step},
        state::Record,
    },
};

/// Nothing is given out yet.
pub(crate) const INACTIVE: &str = "unactivated";
pub(crate) const RUNNING: &str = "running";
pub(crate) const PAUSED: &str = "paused";
/// Over. The platform spells it with one `p`.
const STOPPED: &str = "stoped";

const STEPS: &[Step] = &[
    step(INACTIVE, RUNNING),
    step(RUNNING, PAUSED),
    step(PAUSED, RUNNING),
    step(RUNNING, STOPPED),
    step(PAUSED, STOPPED),
    // Its goods change in any state that is not the end.
    step(INACTIVE, INACTIVE),
    step(RUNNING, RUNNING),
    step(PAUSED, PAUSED),
];

pub(crate) const MACHINE: Machine = Machine::new(STEPS).times(&[(STOPPED, "stop_time")]);

/// A number of the rules, 0 if there is none.
pub(crate) fn rule(stock: &Record, name: &str) -> i64 {
    let rule = stock.value(&format!("/stock_use_rule/{name}"));
    rule.and_then(|rule| rule.as_i64()).unwrap_or_default()
}

/// A stock as queries tell it.
pub(crate) fn view(stock: &Record, distributed: usize) -> Map<String, Value> {
    let mut json = stock.members(&[
        "stock_name",
        "available_begin_time",
        "available_end_time",
        "stock_use_rule",
        "no_cash",
        "stock_type",
        "start_time",
        "stop_time",
    ]);
    let description = stock.text("/pattern_info/description");
    for (name, value) in [
        ("stock_id", json!(stock.id)),
        ("stock_creator_mchid", json!(stock.key.mchid)),
        ("status", json!(stock.state)),
        ("description", json!(description.unwrap_or_default())),
        ("create_time", json!(rfc3339(stock.created_at))),
        ("singleitem", json!(!goods(stock).is_empty())),
        ("distributed_coupons", json!(distributed)),
    ] {
        json.insert(name.to_owned(), value);
    }
    json
}

/// Goods that a coupon may be used for, as they were changed last.
pub(crate) fn goods(stock: &Record) -> Vec<String> {
    let changed = stock.facts.pointer("/goods");
    let goods = changed.or_else(|| stock.request.pointer("/coupon_use_rule/available_items"));
    texts(goods.as_ref())
}

/// Merchants at which a coupon may be used.
pub(crate) fn merchants(stock: &Record) -> Vec<String> {
    let merchants = stock.request.pointer("/coupon_use_rule/available_merchants");
    texts(merchants.as_ref())
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

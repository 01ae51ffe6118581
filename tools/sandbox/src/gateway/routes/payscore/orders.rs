//! Service orders.

use serde_json::{Map, Value, json};

use super::{
    super::{
        bills::csv,
        records::{self, Opening},
    },
    common::{named, text},
    hints::PayscoreHint,
    permissions,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Checked, Issue, Location, parties},
    },
    world::{
        clock::Day,
        records::{
            kinds::service_order::{self, CREATED, DOING, DONE, REVOKED, USER_PAID, USER_PAYING, view},
            state::{Record, RecordKind},
        },
    },
};

const KIND: RecordKind = RecordKind::ServiceOrder;

/// Members that the merchant sends when the service has ended.
const COMPLETION: &[&str] = &[
    "post_payments",
    "post_discounts",
    "total_amount",
    "time_range",
    "location",
    "profit_sharing",
    "goods_tag",
];

pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = begun(call)?;
    let needs_no_user = body.value.get("need_user_confirm") == Some(&Value::Bool(false));
    let state = if needs_no_user {
        let openid = body.text("/openid").ok_or_else(|| {
            Refusal::new(codes::PARAMETER)
                .issue(Location::Body, "/openid", Value::Null, Issue::Missing)
                .hint(PayscoreHint::NeedsOpenid)
        })?;
        if !permissions::is_given(call, &text(&body, "/service_id"), openid) {
            return Err(Refusal::new(codes::NO_AUTH).hint(PayscoreHint::NotAuthorised));
        }
        DOING
    } else {
        CREATED
    };
    let order = open(call, body, state)?;
    let mut json = view(&order);
    for late in ["openid", "total_amount", "need_collection", "collection"] {
        json.remove(late);
    }
    json.insert("package".to_owned(), json!(format!("sandbox-{}", order.id)));
    Ok(Answer::json(&Value::Object(json)))
}

pub(super) fn create_and_complete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = begun(call)?;
    let total = match body.integer("/total_amount") {
        Some(_) => adds_up(&body)?,
        None => sum(&body),
    };
    let state = if total > 0 { USER_PAYING } else { DONE };
    let order = open(call, body, state)?;
    let mut json = view(&order);
    json.entry("service_introduction")
        .or_insert_with(|| json!("服务"));
    json.entry("state_description")
        .or_insert_with(|| json!("MCH_COMPLETE"));
    Ok(Answer::json(&Value::Object(json)))
}

/// The body of an order, whose app is the caller's.
fn begun(call: &mut Call<'_>) -> Result<Checked, Refusal> {
    let body = call.body()?;
    validate::notify_url(&body, call.notes)?;
    let appid = body.text("/appid").unwrap_or_default();
    parties::app(call.merchant, "appid", appid)?;
    if let Some(openid) = body.text("/openid") {
        parties::openid_of(call.gateway, openid, appid, call.notes)?;
    }
    Ok(body)
}

fn open(call: &Call<'_>, body: Checked, state: &'static str) -> Result<Record, Refusal> {
    let total = sum(&body);
    let completed = match state {
        USER_PAYING | DONE => json!({ "total_amount": total }),
        _ => Value::Null,
    };
    let opening = Opening {
        kind: KIND,
        number: text(&body, "/out_order_no"),
        id: call.ids.long_id("15646546545165651651", call.now()),
        amount: total,
        state,
        request: body.value,
        facts: completed,
    };
    records::open(call, opening, || Ok(()))
}

pub(super) fn query(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    let order = match (parameters.get("out_order_no"), parameters.get("query_id")) {
        (Some(number), None) => records::find(call, KIND, number)?,
        // The mini program gives one to the page that it returns to.
        (None, Some(id)) => records::find_by_id(call, KIND, id)?,
        _ => return Err(Refusal::new(codes::PARAMETER).hint(PayscoreHint::One)),
    };
    of_service(&order, parameters.need("service_id"))?;
    Ok(Answer::json(&Value::Object(view(&order))))
}

pub(super) fn cancel(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let order = find(call, &body, number)?;
    let facts = json!({ "reason": text(&body, "/reason") });
    let order = records::go(call, order, REVOKED, facts)?;
    Ok(Answer::json(&named(&view(&order))))
}

pub(super) fn complete(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let order = find(call, &body, number)?;
    let total = adds_up(&body)?;
    within_risk(&order, total)?;
    let facts = completion(&body, &order);
    let order = match order.state.as_str() {
        // The same again gets the same answer, and nothing is collected twice.
        USER_PAYING | USER_PAID | DONE => {
            let is_same = facts
                .iter()
                .all(|(name, given)| order.facts.pointer(&format!("/{name}")).as_ref() == Some(given));
            if !is_same {
                let number = order.key.number;
                return Err(records::differs(number));
            }
            order
        }
        _ => {
            let to = if total > 0 { USER_PAYING } else { DONE };
            records::go(call, order, to, Value::Object(facts))?
        }
    };
    Ok(Answer::json(&Value::Object(view(&order))))
}

pub(super) fn modify(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let order = find(call, &body, number)?;
    let total = adds_up(&body)?;
    let before = order.value("/total_amount").and_then(|total| total.as_i64());
    // Only what is to be paid can be lowered: the service has ended, and nobody has paid yet.
    let Some(before) = before.filter(|_| order.state == USER_PAYING || order.state == DONE) else {
        let state = order.state;
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(PayscoreHint::NothingToPay { state }));
    };
    if total > before {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(PayscoreHint::More { before }));
    }
    let to = if total > 0 { USER_PAYING } else { DONE };
    let facts = Value::Object(completion(&body, &order));
    let order = if before == total && order.state == to {
        order
    } else {
        records::step(call, &order, to, facts)?
    };
    Ok(Answer::json(&Value::Object(view(&order))))
}

/// Asks the user once more; who pays pays by itself.
pub(super) fn collect(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let order = records::find(call, KIND, number)?;
    if let Some(service_id) = body.text("/service_id") {
        of_service(&order, service_id)?;
    }
    let order = records::go(call, order, USER_PAID, Value::Null)?;
    Ok(Answer::json(&named(&view(&order))))
}

pub(super) fn sync(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let order = find(call, &body, number)?;
    let paid_at = text(&body, "/detail/paid_time");
    let facts = json!({ "paid_type": "MCH", "paid_elsewhere_at": paid_at });
    let order = records::go(call, order, USER_PAID, facts)?;
    Ok(Answer::json(&Value::Object(view(&order))))
}

/// Sends a message, which nobody in the sandbox reads.
pub(super) fn message(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    find(call, &body, number)?;
    adds_up(&body)?;
    Ok(Answer::Empty)
}

/// The order of the path, which belongs to the service of the body.
fn find(call: &Call<'_>, body: &Checked, number: &str) -> Result<Record, Refusal> {
    let order = records::find(call, KIND, number)?;
    of_service(&order, &text(body, "/service_id"))?;
    Ok(order)
}

fn of_service(order: &Record, given: &str) -> Result<(), Refusal> {
    let service_id = order.text("/service_id").unwrap_or_default();
    if service_id == given {
        return Ok(());
    }
    Err(Refusal::new(codes::INVALID_REQUEST).hint(PayscoreHint::OtherService { service_id }))
}

/// The members of a completion. Times and places add to those of the order.
fn completion(body: &Checked, order: &Record) -> Map<String, Value> {
    let mut all = Map::new();
    for name in COMPLETION {
        let Some(given) = body.value.get(*name) else {
            continue;
        };
        let known = order.value(&format!("/{name}"));
        let value = match (known, given) {
            (Some(Value::Object(mut known)), Value::Object(given)) => {
                known.extend(given.clone());
                Value::Object(known)
            }
            _ => given.clone(),
        };
        all.insert((*name).to_owned(), value);
    }
    all
}

/// A service costs no more than the risk that the user agreed to.
fn within_risk(order: &Record, total: i64) -> Result<(), Refusal> {
    let risk = order.value("/risk_fund/amount").and_then(|risk| risk.as_i64());
    match risk {
        Some(risk) if total > risk => {
            Err(Refusal::new(codes::INVALID_REQUEST).hint(PayscoreHint::AboveRisk { total, risk }))
        }
        _ => Ok(()),
    }
}

/// Items less discounts.
fn sum(body: &Checked) -> i64 {
    let of = |list: &str| -> i64 {
        let items = body.value.get(list).and_then(Value::as_array);
        let amounts = items
            .into_iter()
            .flatten()
            .filter_map(|item| item.get("amount")?.as_i64());
        amounts.fold(0, i64::saturating_add)
    };
    of("post_payments").saturating_sub(of("post_discounts"))
}

/// The total, which must be that of the items.
fn adds_up(body: &Checked) -> Result<i64, Refusal> {
    let total = body.integer("/total_amount").unwrap_or_default();
    let sum = sum(body);
    if total == sum {
        return Ok(total);
    }
    Err(Refusal::new(codes::PARAMETER)
        .issue(Location::Body, "/total_amount", json!(total), Issue::Unlisted)
        .hint(PayscoreHint::Total { total, sum }))
}

/// The bill of a service: what was paid on a day.
pub(super) fn bill(call: &Call<'_>, service_id: &str, day: Day) -> Option<String> {
    let paid = call.gateway.world.records.filtered(|order| {
        order.key.kind == KIND
            && call.merchant.mchid == order.key.mchid.as_str()
            && order.state == USER_PAID
            && order.text("/service_id").as_deref() == Some(service_id)
            && Day::of(order.updated_at) == day
    });
    let rows: Vec<Vec<String>> = paid
        .iter()
        .map(|order| {
            vec![
                service_order::created(order),
                order.key.mchid.clone(),
                order.id.clone(),
                order.key.number.clone(),
                csv::fee(
                    order
                        .value("/total_amount")
                        .and_then(|total| total.as_i64())
                        .unwrap_or_default(),
                ),
            ]
        })
        .collect();
    let count = rows.len().to_string();
    (!rows.is_empty()).then(|| {
        csv::file(
            &[
                "创建时间",
                "商户号",
                "微信支付服务订单号",
                "商户服务订单号",
                "收款金额",
            ],
            &rows,
            &["总单数"],
            &[count],
        )
    })
}

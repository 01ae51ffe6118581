//! Stocks of coupons.

use serde_json::{Value, json};

use super::{
    super::records::{self, Opening},
    sent,
};
use crate::{
    gateway::{Answer, Refusal, call::Call, validate::Checked},
    world::{
        clock::rfc3339,
        records::{
            kinds::coupon_stock::{self, AVAILABLE_ITEMS, INACTIVE, view},
            state::{Record, RecordKind},
        },
    },
};

const KIND: RecordKind = RecordKind::CouponStock;
/// Entries of a page at most.
const MAX_LIMIT: usize = 10;
/// Goods and merchants of a page at most.
const MAX_TEXTS: usize = 100;
const STATES: &[&str] = &["unactivated", "audit", "running", "stoped", "paused"];

pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let opening = Opening {
        kind: KIND,
        number: body.text("/out_request_no").unwrap_or_default().to_owned(),
        id: call.ids.long_id("9", call.now()),
        amount: 0,
        state: INACTIVE,
        request: body.value,
        facts: Value::Null,
    };
    let stock = records::open(call, opening, || Ok(()))?;
    Ok(Answer::json(&json!({
        "stock_id": stock.id,
        "create_time": rfc3339(stock.created_at),
    })))
}

pub(super) fn query(call: &mut Call<'_>, stock_id: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    sent::is_own(call, parameters.need("stock_creator_mchid"))?;
    let stock = records::find_by_id(call, KIND, stock_id)?;
    Ok(Answer::json(&Value::Object(shown(call, &stock))))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    sent::is_own(call, parameters.need("stock_creator_mchid"))?;
    let status = parameters.one_of("status", STATES)?;
    let mut page = parameters.page(MAX_LIMIT, MAX_LIMIT)?;
    // It counts pages, and not entries.
    let number = page.offset;
    page.offset = page.offset.saturating_mul(page.limit);
    let of = |name: &str| sent::seconds(parameters.get(name).map(str::to_owned));
    let (from, until) = (of("create_start_time"), of("create_end_time"));
    let stocks = call.gateway.world.records.filtered(|stock| {
        stock.key.kind == KIND
            && call.merchant.mchid == stock.key.mchid.as_str()
            && status.is_none_or(|status| stock.state == status)
            && from.is_none_or(|from| stock.created_at >= from)
            && until.is_none_or(|until| stock.created_at <= until)
    });
    let total = stocks.len();
    let data: Vec<Value> = page
        .of(stocks)
        .iter()
        .map(|stock| Value::Object(shown(call, stock)))
        .collect();
    Ok(Answer::json(&json!({
        "total_count": total, "offset": number, "limit": page.limit, "data": data,
    })))
}

/// Goods or merchants of a stock.
pub(super) fn texts(call: &mut Call<'_>, stock_id: &str, pointer: &str) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    sent::is_own(call, parameters.need("stock_creator_mchid"))?;
    let page = parameters.page(MAX_TEXTS, MAX_TEXTS)?;
    let stock = records::find_by_id(call, KIND, stock_id)?;
    let texts = goods(&stock).filter(|_| pointer == AVAILABLE_ITEMS);
    let texts = texts.unwrap_or_else(|| coupon_stock::texts(&stock, pointer));
    Ok(Answer::json(&json!({
        "total_count": texts.len(), "offset": page.offset, "limit": page.limit,
        "data": page.of(texts), "stock_id": stock.id,
    })))
}

/// Activates, pauses or restarts a stock.
pub(super) fn go(
    call: &mut Call<'_>,
    stock_id: &str,
    to: &'static str,
    time: &'static str,
) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let stock = of_body(call, &body, stock_id)?;
    let now = rfc3339(call.now());
    let stock = records::go(call, stock, to, json!({ (time): now }))?;
    let known = stock.text(&format!("/{time}"));
    Ok(Answer::json(
        &json!({ "stock_id": stock.id, (time): known.unwrap_or(now) }),
    ))
}

pub(super) fn change_goods(call: &mut Call<'_>, stock_id: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let stock = of_body(call, &body, stock_id)?;
    let mut all = goods(&stock).unwrap_or_else(|| coupon_stock::texts(&stock, AVAILABLE_ITEMS));
    let list = |name: &str| -> Vec<String> {
        let list = body.value.get(name).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    };
    let deleted = list("delete_goods_id_list");
    all.retain(|id| !deleted.contains(id));
    for id in list("add_goods_id_list") {
        if !all.contains(&id) {
            all.push(id);
        }
    }
    let to = stock.state.clone();
    let stock = records::step(call, &stock, &to, json!({ "goods": all }))?;
    Ok(Answer::json(&json!({
        "stock_id": stock.id, "pause_time": rfc3339(stock.updated_at),
    })))
}

/// The goods as they were changed, if they were.
fn goods(stock: &Record) -> Option<Vec<String>> {
    let goods = stock.facts.pointer("/goods")?;
    let texts = goods.as_array()?.iter().filter_map(Value::as_str);
    Some(texts.map(str::to_owned).collect())
}

fn of_body(call: &mut Call<'_>, body: &Checked, stock_id: &str) -> Result<Record, Refusal> {
    let creator = body.text("/stock_creator_mchid").unwrap_or_default();
    sent::is_own(call, creator)?;
    records::find_by_id(call, KIND, stock_id)
}

fn shown(call: &Call<'_>, stock: &Record) -> serde_json::Map<String, Value> {
    view(stock, sent::of_stock(call, &stock.id).len())
}

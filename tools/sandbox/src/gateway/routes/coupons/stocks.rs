//! Stocks of coupons.

use serde_json::{Value, json};

use super::{
    super::records::{self, Opening},
    hints::CouponHint,
    sent,
};
use crate::{
    gateway::{Answer, Refusal, call::Call, codes, validate::Checked},
    world::{
        clock::rfc3339,
        records::{
            kinds::coupon_stock::{INACTIVE, goods, view},
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
pub(super) fn texts(
    call: &mut Call<'_>,
    stock_id: &str,
    list: fn(&Record) -> Vec<String>,
) -> Result<Answer, Refusal> {
    let parameters = call.parameters()?;
    sent::is_own(call, parameters.need("stock_creator_mchid"))?;
    let page = parameters.page(MAX_TEXTS, MAX_TEXTS)?;
    let stock = records::find_by_id(call, KIND, stock_id)?;
    let texts = list(&stock);
    Ok(Answer::json(&json!({
        "total_count": texts.len(), "offset": page.offset, "limit": page.limit,
        "data": page.of(texts), "stock_id": stock.id,
    })))
}

/// Activates, pauses or restarts a stock.
///
/// The same call again gets the same time; no other call stands in for it.
pub(super) fn go(
    call: &mut Call<'_>,
    stock_id: &str,
    (from, to): (&'static str, &'static str),
    time: &'static str,
) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let stock = of_body(call, &body, stock_id)?;
    let known = stock.text(&format!("/{time}")).filter(|_| stock.state == to);
    let at = match known {
        Some(at) => at,
        None if stock.state == from => {
            let now = rfc3339(call.now());
            records::step(call, &stock, to, json!({ (time): now }))?;
            now
        }
        None => {
            let state = stock.state;
            return Err(Refusal::new(codes::INVALID_REQUEST).hint(CouponHint::NotRunning { state }));
        }
    };
    Ok(Answer::json(&json!({ "stock_id": stock.id, (time): at })))
}

pub(super) fn change_goods(call: &mut Call<'_>, stock_id: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let stock = of_body(call, &body, stock_id)?;
    let mut all = goods(&stock);
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

fn of_body(call: &mut Call<'_>, body: &Checked, stock_id: &str) -> Result<Record, Refusal> {
    let creator = body.text("/stock_creator_mchid").unwrap_or_default();
    sent::is_own(call, creator)?;
    records::find_by_id(call, KIND, stock_id)
}

fn shown(call: &Call<'_>, stock: &Record) -> serde_json::Map<String, Value> {
    view(stock, sent::of_stock(call, &stock.id).len())
}

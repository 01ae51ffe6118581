//! Closing a combined order, all of it.

use serde_json::Value;

use super::codes;
use super::hints::CombineHint;
use crate::{
    gateway::{Answer, Refusal, call::Call},
    world::orders::{key::OrderKey, state::CloseRefusal},
};

/// Handles `POST …/out-trade-no/{combine_out_trade_no}/close`.
pub(super) fn close(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    let body = call.body()?;
    call.notes.out_trade_no = Some(number.to_owned());
    let key = OrderKey::combination(call.merchant.mchid.as_str(), number);
    let order = call
        .order(&key)
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST))?;
    if body.text("/combine_appid") != Some(order.appid.as_str()) {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(CombineHint::OtherApp));
    }
    let mut named = items(&body.value);
    let mut items: Vec<(String, String)> = order
        .items
        .iter()
        .map(|key| (key.mchid.clone(), key.out_trade_no.clone()))
        .collect();
    named.sort();
    items.sort();
    if named != items {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(CombineHint::OtherItems));
    }
    match call.gateway.world.orders.close(&key, call.now()) {
        Ok(()) => Ok(Answer::Empty),
        // A combined order is never paid by code.
        Err(CloseRefusal::NoSuchOrder | CloseRefusal::ByCode) => Err(Refusal::new(codes::ORDER_NOT_EXIST)),
        Err(CloseRefusal::Paid) => Err(Refusal::new(codes::ORDER_PAID).hint(CombineHint::Paid)),
    }
}

fn items(body: &Value) -> Vec<(String, String)> {
    let text = |item: &Value, key: &str| {
        item.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    body.pointer("/sub_orders")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|item| (text(item, "mchid"), text(item, "out_trade_no")))
        .collect()
}

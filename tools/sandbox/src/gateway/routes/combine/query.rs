//! Asking how a combined order stands.

use super::hints::CombineHint;
use crate::{
    gateway::{Answer, Refusal, call::Call, codes},
    world::{
        combine::view::combination,
        orders::{
            key::{OrderKey, Space},
            timeline::Step,
        },
    },
};

/// Handles `GET …/out-trade-no/{combine_out_trade_no}`.
pub(in crate::gateway::routes) fn by_number(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    call.notes.out_trade_no = Some(number.to_owned());
    let key = OrderKey::combination(call.merchant.mchid.as_str(), number);
    answer(call, Some(key))
}

/// Handles `GET …/id/{combine_transaction_id}`.
pub(super) fn by_id(call: &mut Call<'_>, id: &str) -> Result<Answer, Refusal> {
    let key = call
        .key_of_transaction(id)
        .filter(|key| key.space == Space::Combination);
    answer(call, key)
}

/// The order as it stands.
pub(in crate::gateway::routes) fn answer(
    call: &mut Call<'_>,
    key: Option<OrderKey>,
) -> Result<Answer, Refusal> {
    call.parameters()?;
    let (now, orders) = (call.now(), &call.gateway.world.orders);
    let order = key
        .and_then(|key| {
            orders.expire(&key, now);
            orders.change(&key, |order| {
                order.note(now, Step::Queried);
                order.clone()
            })
        })
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST).hint(CombineHint::NoOrder))?;
    call.notes.out_trade_no = Some(order.key.out_trade_no.clone());
    let json = combination(&order, &orders.items_of(&order));
    Ok(Answer::Json(json.to_string().into()))
}

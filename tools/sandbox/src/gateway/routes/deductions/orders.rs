//! Orders that a contract pays.

use super::{
    super::{
        combine::{place, query as combined},
        orders::{code, prepay},
        records,
    },
    contracts::KIND,
    hints::DeductionHint,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{Checked, parties},
    },
    payments,
    world::{
        count,
        orders::{
            self,
            key::OrderKey,
            scene::Scene,
            state::{OrderState, ReverseRefusal},
        },
        records::{
            kinds::deduction_contract::{SIGNED, payer},
            state::Record,
        },
    },
};

/// Deducts at once. The same call again is the same order, and deducts nothing.
pub(super) fn deduct(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let number = body.text("/combine_out_trade_no").unwrap_or_default().to_owned();
    call.notes.out_trade_no = Some(number.clone());
    call.is_caller(body.text("/combine_mchid").unwrap_or_default(), "combine_mchid")?;
    let appid = body.text("/combine_appid").unwrap_or_default();
    parties::app(call.merchant, "combine_appid", appid)?;
    let key = OrderKey::combination(call.merchant.mchid.as_str(), &number);
    let drafts = place::drafts(call, &body, Scene::Deduction)?;
    if let Some(known) = call.order(&key) {
        // It is answered even if the contract has ended since.
        let is_same = drafts.first().is_some_and(|draft| draft.request == known.request);
        return if is_same {
            combined::answer(call, Some(key))
        } else {
            Err(records::differs(number))
        };
    }
    let contract = signed(call, &body)?;
    let gateway = call.gateway;
    gateway
        .world
        .orders
        .place(drafts, call.now())
        .map_err(prepay::refused)?;
    count(&gateway.world.counts.prepays);
    orders::watch(&gateway.world, key.clone());
    let buyer = payer(&contract);
    let paid = payments::pay(&gateway.world, &gateway.faults, &gateway.journal, &key, buyer);
    if let Err(error) = paid {
        gateway.world.orders.force(&key, OrderState::PayError, call.now());
        return Err(code::not_paid(error));
    }
    combined::answer(call, Some(key))
}

/// The contract of the body, which a user has signed.
fn signed(call: &Call<'_>, body: &Checked) -> Result<Record, Refusal> {
    let id = body.text("/contract_id").unwrap_or_default();
    let contract = records::find_by_id(call, KIND, id)
        .map_err(|_| Refusal::new(codes::NO_SUCH_CONTRACT).hint(DeductionHint::NoContract))?;
    if contract.state == SIGNED {
        return Ok(contract);
    }
    let state = contract.state;
    Err(Refusal::new(codes::INVALID_REQUEST).hint(DeductionHint::NotSigned { state }))
}

pub(super) fn query(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    combined::by_number(call, number)
}

/// Reverses the whole order. Reversing it again changes nothing.
pub(super) fn reverse(call: &mut Call<'_>, number: &str) -> Result<Answer, Refusal> {
    call.notes.out_trade_no = Some(number.to_owned());
    let body = call.body()?;
    let key = OrderKey::combination(call.merchant.mchid.as_str(), number);
    let not_there = || Refusal::new(codes::ORDER_NOT_EXIST);
    let order = call.order(&key).ok_or_else(not_there)?;
    if body.text("/combine_appid") != Some(order.appid.as_str()) {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(DeductionHint::OtherApp));
    }
    let world = &call.gateway.world;
    if order.items.iter().any(|item| world.shares.amount_of(item) > 0) {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(DeductionHint::Shared));
    }
    match orders::reverse(world, &key) {
        Ok(_) => Ok(Answer::Empty),
        Err(ReverseRefusal::NoSuchOrder) => Err(not_there()),
        Err(refusal) => Err(code::not_reversed(refusal)),
    }
}

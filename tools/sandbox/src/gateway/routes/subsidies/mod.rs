//! Subsidies (补差): paid, given back, called off.

mod fields;
mod hints;

use serde_json::{Value, json};

use super::endpoint::{Endpoint, Family};
use crate::gateway::{
    Answer, Refusal,
    call::Call,
    codes,
    validate::{Checked, parties},
};
use crate::world::{
    body::Body,
    clock::rfc3339,
    funds,
    orders::state::Order,
    subsidies::state::{OfOrder, Subsidy, SubsidyReturn},
};
use hints::SubsidyHint;

pub(super) static FAMILY: Family = Family {
    check: |call, _| {
        if call.merchant.is_platform() {
            Ok(())
        } else {
            Err(Refusal::new(codes::INVALID_REQUEST).hint(SubsidyHint::PlatformsOnly))
        }
    },
    ..Family::new(&[
        Endpoint::post(
            "/v3/ecommerce/subsidies/create",
            ("Pay a subsidy", "请求补差"),
            |call, _| create(call),
        )
        .body(&[fields::CREATE]),
        Endpoint::post(
            "/v3/ecommerce/subsidies/return",
            ("Take a subsidy back", "请求补差回退"),
            |call, _| give_back(call),
        )
        .body(&[fields::RETURN]),
        Endpoint::post(
            "/v3/ecommerce/subsidies/cancel",
            ("Cancel a subsidy", "取消补差"),
            |call, _| cancel(call),
        )
        .body(&[fields::CANCEL]),
    ])
};

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let (order, promised) = order(call, &body)?;
    let amount = body.integer("/amount").ok_or_else(Refusal::system_error)?;
    let (id, at) = (call.ids.subsidy_id(call.now()), call.now());
    let request = Body::from(body.value.clone());
    let (subsidy, is_new) = call.gateway.world.subsidies.change(&order.key, |of_order| {
        let known = of_order.paid.iter().find(|known| known.request == request);
        if let Some(known) = known {
            return Ok((known.clone(), false));
        }
        if of_order.is_cancelled {
            return Err(refuse(SubsidyHint::CalledOff));
        }
        if of_order.paid_amount().saturating_add(amount) > promised {
            return Err(refuse(SubsidyHint::MoreThanPromised));
        }
        let subsidy = Subsidy {
            subsidy_id: id,
            amount,
            request,
            at,
        };
        of_order.paid.push(subsidy.clone());
        Ok((subsidy, true))
    })?;
    if is_new {
        funds::subsidised(&call.gateway.world, &order, &subsidy.subsidy_id, amount, at);
    }
    let mut answer = echo(
        &body,
        &["sub_mchid", "transaction_id", "description", "out_subsidy_no"],
    );
    put(&mut answer, "subsidy_id", json!(subsidy.subsidy_id));
    put(&mut answer, "amount", json!(subsidy.amount));
    Ok(done(answer, subsidy.at))
}

fn give_back(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let (order, _) = order(call, &body)?;
    let amount = body.integer("/amount").ok_or_else(Refusal::system_error)?;
    let number = body.text("/out_order_no").unwrap_or_default();
    let (id, at) = (call.ids.subsidy_id(call.now()), call.now());
    let (given, is_new) = call.gateway.world.subsidies.change(&order.key, |of_order| {
        give_back_of(of_order, &body, number, amount, id, at)
    })?;
    if is_new {
        let back = amount.saturating_neg();
        funds::subsidised(&call.gateway.world, &order, &given.subsidy_refund_id, back, at);
    }
    let mut answer = echo(
        &body,
        &[
            "sub_mchid",
            "transaction_id",
            "description",
            "out_order_no",
            "refund_id",
            "subsidy_id",
        ],
    );
    put(&mut answer, "subsidy_refund_id", json!(given.subsidy_refund_id));
    put(&mut answer, "amount", json!(given.amount));
    Ok(done(answer, given.at))
}

fn give_back_of(
    of_order: &mut OfOrder,
    body: &Checked,
    number: &str,
    amount: i64,
    id: String,
    at: i64,
) -> Result<(SubsidyReturn, bool), Refusal> {
    let request = Body::from(body.value.clone());
    let known = of_order
        .returned
        .iter()
        .find(|known| known.out_order_no == number);
    match known {
        Some(known) if known.request == request => return Ok((known.clone(), false)),
        Some(_) => {
            return Err(Refusal::new(codes::OTHER_PARAMETERS).hint(SubsidyHint::Differs));
        }
        None => {}
    }
    if amount > of_order.left() {
        return Err(refuse(SubsidyHint::MoreThanPaid));
    }
    let given = SubsidyReturn {
        subsidy_refund_id: id,
        out_order_no: number.to_owned(),
        amount,
        request,
        at,
    };
    of_order.returned.push(given.clone());
    Ok((given, true))
}

fn cancel(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let (order, _) = order(call, &body)?;
    call.gateway.world.subsidies.change(&order.key, |of_order| {
        if of_order.paid.is_empty() {
            of_order.is_cancelled = true;
            Ok(())
        } else {
            Err(refuse(SubsidyHint::PaidAlready))
        }
    })?;
    let mut answer = echo(&body, &["sub_mchid", "transaction_id", "description"]);
    put(&mut answer, "result", json!("SUCCESS"));
    Ok(Answer::Json(answer.to_string().into()))
}

/// The order of a platform that promised a subsidy, and how much it promised.
fn order(call: &mut Call<'_>, body: &Checked) -> Result<(Order, i64), Refusal> {
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default();
    parties::known_sub(call.merchant, sub_mchid)?;
    let order = call
        .order_of_transaction(body.text("/transaction_id").unwrap_or_default())
        .ok_or_else(|| refuse(SubsidyHint::NoPayment))?;
    call.notes.out_trade_no = Some(order.key.out_trade_no.clone());
    if order.sub.as_ref().map(|sub| sub.mchid.as_str()) != Some(sub_mchid) {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(SubsidyHint::OtherSubMerchant));
    }
    match order.subsidy_amount {
        Some(promised) => Ok((order, promised)),
        None => Err(refuse(SubsidyHint::NotPromised)),
    }
}

fn refuse(hint: SubsidyHint) -> Refusal {
    Refusal::new(codes::INVALID_REQUEST).hint(hint)
}

/// Members of the request that the response repeats.
fn echo(body: &Checked, keys: &[&str]) -> Value {
    let mut json = json!({});
    for key in keys {
        if let Some(text) = body.text(&format!("/{key}")) {
            put(&mut json, key, json!(text));
        }
    }
    json
}

fn done(mut answer: Value, at: i64) -> Answer {
    put(&mut answer, "result", json!("SUCCESS"));
    put(&mut answer, "success_time", json!(rfc3339(at)));
    Answer::Json(answer.to_string().into())
}

fn put(json: &mut Value, key: &str, value: Value) {
    if let Some(object) = json.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
}

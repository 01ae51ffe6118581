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
    clock::rfc3339,
    orders::state::Order,
    subsidies::{
        self,
        rules::SubsidyRefusal,
        state::{Subsidy, SubsidyReturn},
    },
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
    let draft = Subsidy {
        subsidy_id: call.ids.subsidy_id(call.now()),
        amount,
        request: body.value.clone().into(),
        at: call.now(),
    };
    let subsidy = subsidies::pay(&call.gateway.world, &order, promised, draft).map_err(refused)?;
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
    let draft = SubsidyReturn {
        subsidy_refund_id: call.ids.subsidy_id(call.now()),
        out_order_no: body.text("/out_order_no").unwrap_or_default().to_owned(),
        amount,
        request: body.value.clone().into(),
        at: call.now(),
    };
    let given = subsidies::give_back(&call.gateway.world, &order, draft).map_err(refused)?;
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

fn cancel(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let (order, _) = order(call, &body)?;
    subsidies::call_off(&call.gateway.world, &order).map_err(refused)?;
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

fn refused(refusal: SubsidyRefusal) -> Refusal {
    refuse(match refusal {
        SubsidyRefusal::CalledOff => SubsidyHint::CalledOff,
        SubsidyRefusal::MoreThanPromised => SubsidyHint::MoreThanPromised,
        SubsidyRefusal::MoreThanPaid => SubsidyHint::MoreThanPaid,
        SubsidyRefusal::PaidAlready => SubsidyHint::PaidAlready,
        SubsidyRefusal::Differs => {
            return Refusal::new(codes::OTHER_PARAMETERS).hint(SubsidyHint::Differs);
        }
    })
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

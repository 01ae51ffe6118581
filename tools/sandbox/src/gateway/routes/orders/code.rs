//! Orders that are paid by the code that a payer shows: charged, reversed.

use super::{
    super::closings::may_take_payments,
    hints::OrderHint,
    prepay,
    query::{check_family, own_key},
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
        lints::Finding,
        orders::{
            self,
            scene::{Family, Scene},
            state::{Order, OrderState, PayError, ReverseRefusal},
            view::transaction,
        },
    },
};

/// The pages recommend this age before an order is reversed.
const MIN_REVERSE_AGE: i64 = 15;

/// Handles `POST …/codepay`.
///
/// The same call again is the same order, and charges nothing.
pub(super) fn pay(call: &mut Call<'_>, family: Family) -> Result<Answer, Refusal> {
    let body = call.body_of(Scene::CodePay)?;
    call.notes.total = body.integer("/amount/total");
    who(call, &body, family)?;
    may_take_payments(call, call.merchant.mchid.as_str(), body.text("/sub_mchid"))?;
    let code = body.text("/payer/auth_code").unwrap_or_default();
    if !is_code(code) {
        return Err(Refusal::new(codes::NOT_A_PAYMENT_CODE).hint(OrderHint::NotACode));
    }
    let order = prepay::draft(call, body, family, Scene::CodePay)?;
    let gateway = call.gateway;
    let placed = gateway
        .world
        .orders
        .place(vec![order], call.now())
        .map_err(prepay::refused)?;
    let key = placed.key;
    if placed.is_new {
        count(&gateway.world.counts.prepays);
        orders::watch(&gateway.world, key.clone());
        let charged = payments::charge(&gateway.world, &gateway.faults, &gateway.journal, &key);
        charged.map_err(not_paid)?;
    }
    let order = call.order(&key).ok_or_else(Refusal::system_error)?;
    Ok(Answer::Json(transaction(&order).to_string().into()))
}

fn is_code(code: &str) -> bool {
    let digits = code.len() == 18 && code.bytes().all(|byte| byte.is_ascii_digit());
    digits && matches!(code.get(..2), Some("10" | "11" | "12" | "13" | "14" | "15"))
}

pub(in crate::gateway::routes) fn not_paid(error: PayError) -> Refusal {
    match error {
        PayError::NotEnough => Refusal::new(codes::PAYER_NOT_ENOUGH).hint(OrderHint::PayerNotEnough),
        PayError::Blocked => Refusal::new(codes::TRADE_ERROR).hint(OrderHint::PayerBlocked),
        // It was placed just now, so nothing else can be.
        PayError::NoSuchOrder | PayError::AlreadyPaid | PayError::Closed | PayError::Expired => {
            Refusal::system_error()
        }
    }
}

/// Checks the caller, its app and its sub-merchant. A partner may leave both apps out.
fn who(call: &mut Call<'_>, body: &Checked, family: Family) -> Result<(), Refusal> {
    let (caller, app) = match family {
        Family::Direct => ("mchid", "appid"),
        Family::Partner => ("sp_mchid", "sp_appid"),
    };
    call.is_caller(body.text(&format!("/{caller}")).unwrap_or_default(), caller)?;
    let appid = body.text(&format!("/{app}"));
    if let Some(appid) = appid {
        parties::app(call.merchant, app, appid)?;
    }
    if family == Family::Direct {
        return Ok(());
    }
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default();
    parties::sub(
        call.merchant,
        appid.unwrap_or_default(),
        sub_mchid,
        body.text("/sub_appid"),
        "",
    )
}

/// Handles `POST …/reverse`.
pub(super) fn reverse(call: &mut Call<'_>, family: Family, number: &str) -> Result<Answer, Refusal> {
    call.notes.out_trade_no = Some(number.to_owned());
    let body = call.body()?;
    who(call, &body, family)?;
    let key = own_key(call, number);
    let order = call
        .order(&key)
        .ok_or_else(|| Refusal::new(codes::ORDER_NOT_EXIST))?;
    check_family(&order, family, body.text("/sub_mchid"))?;
    if order.state == OrderState::Success && call.gateway.world.shares.amount_of(&key) > 0 {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(OrderHint::ReverseShared));
    }
    let age = call.now().saturating_sub(order.created_at);
    if order.is_open() && age < MIN_REVERSE_AGE {
        call.notes.lint(Finding::ReverseTooSoon {
            age,
            wanted: MIN_REVERSE_AGE,
        })?;
    }
    let order = orders::reverse(&call.gateway.world, &key).map_err(not_reversed)?;
    Ok(Answer::Json(reversed(&order).to_string().into()))
}

pub(in crate::gateway::routes) fn not_reversed(refusal: ReverseRefusal) -> Refusal {
    let hint = match refusal {
        ReverseRefusal::NoSuchOrder => return Refusal::new(codes::ORDER_NOT_EXIST),
        ReverseRefusal::NotByCode => OrderHint::NotByCode,
        ReverseRefusal::TooOld => OrderHint::ReverseTooOld,
        ReverseRefusal::Refunded => OrderHint::ReverseRefunded,
    };
    Refusal::new(codes::INVALID_REQUEST).hint(hint)
}

/// Names the order and its merchants, and nothing of its state.
fn reversed(order: &Order) -> serde_json::Value {
    let mut json = transaction(order);
    if let Some(members) = json.as_object_mut() {
        members
            .retain(|name, _| name == "out_trade_no" || name.ends_with("mchid") || name.ends_with("appid"));
    }
    json
}

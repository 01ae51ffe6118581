//! Asking for a refund.

use serde_json::{Value, json};

use super::hints::RefundHint;
use crate::gateway::hints::Conflict;
use crate::{
    gateway::routes::refunds::named::{Payee, platform_only},
    world::refunds::view,
};
use crate::{
    gateway::{
        Answer, Refusal,
        call::Call,
        codes,
        validate::{self, Checked, Location, parties},
    },
    world::{
        lints::Finding,
        orders::{
            key::OrderKey,
            scene::Family,
            state::{Order, OrderState, Payment},
        },
        refunds::{
            self, TO_THE_WALLET,
            state::{Refund, RefundFamily, RefundKey, RefundState},
            table::{ApplyRefusal, MAX_PER_ORDER},
        },
    },
};

/// A payment can be refunded so long.
const MAX_AGE: i64 = 365 * 24 * 3600;
/// The platform takes one refund of an order in this time.
const MIN_DISTANCE: i64 = 60;

/// Handles `POST /v3/refund/domestic/refunds`.
pub(super) fn ordinary(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body()?;
    let sub_mchid = body.text("/sub_mchid").map(str::to_owned);
    if sub_mchid.is_some() && call.merchant.is_platform() {
        call.notes.lint(Finding::RefundOfOtherFamily)?;
    }
    let payee = Payee::sub(sub_mchid.as_deref());
    let refund = apply(call, &body, RefundFamily::Ordinary, payee)?;
    Ok(Answer::Json(view::ordinary(&refund).to_string().into()))
}

/// Handles `POST /v3/ecommerce/refunds/apply`.
pub(super) fn ecommerce(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    platform_only(call)?;
    let body = call.body()?;
    let payee = Payee {
        sub_mchid: body.text("/sub_mchid"),
        individual_auth_id: body.text("/individual_auth_id"),
    };
    let payee = payee.named(Location::Body, "/sub_mchid")?;
    match payee.sub_mchid {
        Some(_) => parties::of_order(call.merchant, &body, Family::Partner)?,
        None => parties::app(
            call.merchant,
            "sp_appid",
            body.text("/sp_appid").unwrap_or_default(),
        )?,
    }
    let refund = apply(call, &body, RefundFamily::Ecommerce, payee)?;
    Ok(Answer::Json(view::ecommerce_applied(&refund).to_string().into()))
}

fn apply(
    call: &mut Call<'_>,
    body: &Checked,
    family: RefundFamily,
    payee: Payee<'_>,
) -> Result<Refund, Refusal> {
    validate::notify_url(body, call.notes)?;
    let order = order(call, body, payee)?;
    call.notes.out_trade_no = Some(order.key.out_trade_no.clone());
    let Some(payment) = order.payment.clone() else {
        return Err(Refusal::new(codes::NO_SUCH_PAYMENT).hint(RefundHint::NotPaid));
    };
    if order.state == OrderState::Revoked {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(RefundHint::Reversed));
    }
    let draft = draft(call, body, family, &order, &payment)?;
    call.notes.total = Some(draft.amount);
    // The same call again is the same refund, whatever time has passed and however empty the account is now.
    if let Some(refund) = call.gateway.world.refunds.repeated(&draft).map_err(refused)? {
        return Ok(refund);
    }
    if call.now().saturating_sub(payment.at) > MAX_AGE {
        return Err(Refusal::new(codes::INVALID_REQUEST).hint(RefundHint::TooOld));
    }
    refund_sources(body, draft.amount)?;
    too_soon(call, &draft)?;
    if !call.gateway.world.funds.has_for_refunds() {
        return Err(Refusal::new(codes::NOT_ENOUGH).hint(RefundHint::NoFunds));
    }
    still_there(call, body, &order, &draft)?;
    refunds::apply(&call.gateway.world, draft)
        .map(|applied| applied.refund)
        .map_err(refused)
}

/// Checks that shared money was returned, or that the available balance pays the refund.
fn still_there(call: &Call<'_>, body: &Checked, order: &Order, draft: &Refund) -> Result<(), Refusal> {
    let shared = call.gateway.world.shares.amount_of(&order.key);
    let left = order
        .total
        .saturating_sub(call.gateway.world.refunds.sum_of(&order.key))
        .saturating_sub(shared);
    let from_elsewhere = body.text("/funds_account") == Some("AVAILABLE") || draft.is_advanced();
    if shared == 0 || draft.amount <= left || from_elsewhere {
        return Ok(());
    }
    Err(Refusal::new(codes::NOT_ENOUGH).hint(RefundHint::Shared { left }))
}

/// The order that the body names; the platform's number wins.
fn order(call: &Call<'_>, body: &Checked, payee: Payee<'_>) -> Result<Order, Refusal> {
    let order = match (body.text("/transaction_id"), body.text("/out_trade_no")) {
        (Some(id), _) => call.order_of_transaction(id),
        (None, Some(number)) => call.order(&OrderKey::order(call.merchant.mchid.as_str(), number)),
        (None, None) => {
            return Err(Refusal::new(codes::PARAMETER)
                .missing(Location::Body, "/transaction_id")
                .hint(RefundHint::NoNumber));
        }
    };
    let order = order.ok_or_else(|| Refusal::new(codes::NO_SUCH_ORDER).hint(RefundHint::NoOrder))?;
    if order.payee_auth_id().as_deref() != payee.individual_auth_id {
        return Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(RefundHint::OtherPerson));
    }
    match (&order.sub, payee.sub_mchid) {
        (Some(_), None) => Err(Refusal::new(codes::SUB_MERCHANT_REQUIRED)
            .missing(Location::Body, "/sub_mchid")
            .hint(RefundHint::NoSubMerchant)),
        (Some(sub), Some(given)) if sub.mchid == given => Ok(order),
        (None, None) => Ok(order),
        _ => Err(Refusal::new(codes::OTHER_SUB_MERCHANT).hint(RefundHint::OtherSubMerchant)),
    }
}

fn draft(
    call: &Call<'_>,
    body: &Checked,
    family: RefundFamily,
    order: &Order,
    payment: &Payment,
) -> Result<Refund, Refusal> {
    let required = |pointer| body.integer(pointer).ok_or_else(Refusal::system_error);
    let (amount, total) = (required("/amount/refund")?, required("/amount/total")?);
    if total != order.total {
        return Err(Refusal::new(codes::INVALID_REQUEST)
            .field(
                Location::Body,
                "/amount/total",
                json!(total),
                Conflict::OtherOrder,
            )
            .hint(RefundHint::OtherTotal { total: order.total }));
    }
    let now = call.now();
    Ok(Refund {
        key: RefundKey {
            mchid: call.mchid(),
            out_refund_no: body.text("/out_refund_no").unwrap_or_default().to_owned(),
        },
        family,
        refund_id: call.ids.refund_id(now),
        order: order.key.clone(),
        sub_mchid: order.sub.as_ref().map(|sub| sub.mchid.clone()),
        transaction_id: payment.transaction_id.clone(),
        amount,
        total,
        fee: 0,
        request: without_order(&body.value).into(),
        notify_url: body.text("/notify_url").unwrap_or(&order.notify_url).to_owned(),
        created_at: now,
        state: RefundState::Processing,
        changed_at: now,
        channel: "ORIGINAL".into(),
        received_account: TO_THE_WALLET.to_owned(),
        round: 0,
        returned_advance: None,
    })
}

/// Removes both order numbers; a repeat may use the other one.
fn without_order(body: &Value) -> Value {
    let mut request = body.clone();
    if let Some(object) = request.as_object_mut() {
        object.remove("transaction_id");
        object.remove("out_trade_no");
    }
    request
}

/// One refund of an order a minute.
fn too_soon(call: &mut Call<'_>, draft: &Refund) -> Result<(), Refusal> {
    let newest = call
        .gateway
        .world
        .refunds
        .of_order(&draft.order)
        .iter()
        .map(|refund| refund.created_at)
        .max();
    match newest.map(|at| draft.created_at.saturating_sub(at)) {
        Some(distance) if distance < MIN_DISTANCE => call.notes.lint(Finding::RefundTooSoon { distance }),
        _ => Ok(()),
    }
}

fn refused(refusal: ApplyRefusal) -> Refusal {
    match refusal {
        ApplyRefusal::Differs => Refusal::new(codes::OTHER_REFUND).hint(RefundHint::Differs),
        ApplyRefusal::TooMuch { left } => Refusal::new(codes::INVALID_REQUEST)
            .field(
                Location::Body,
                "/amount/refund",
                json!(null),
                Conflict::MoreThanLeft,
            )
            .hint(RefundHint::MoreThanLeft { left }),
        ApplyRefusal::TooMany => {
            Refusal::new(codes::INVALID_REQUEST).hint(RefundHint::TooManyParts { limit: MAX_PER_ORDER })
        }
    }
}

/// The accounts that a refund is to be taken from give all of it together.
fn refund_sources(body: &Checked, refund: i64) -> Result<(), Refusal> {
    let Some(from) = body.value.pointer("/amount/from").and_then(Value::as_array) else {
        return Ok(());
    };
    let sum: i64 = from
        .iter()
        .filter_map(|source| source.pointer("/amount")?.as_i64())
        .fold(0, i64::saturating_add);
    if sum == refund {
        Ok(())
    } else {
        Err(Refusal::new(codes::PARAMETER)
            .field(Location::Body, "/amount/from", json!(null), Conflict::OtherSum)
            .hint(RefundHint::OtherSum { sum, refund }))
    }
}

//! Life of a refund: accepted, settled, abnormal.

use serde_json::json;

use crate::world::Event;
use crate::world::{
    World,
    clock::Due,
    complaints, count, funds,
    orders::{
        key::{OrderKey, Space},
        state::OrderState,
        timeline::Step,
    },
    refunds::{
        state::{Refund, RefundFamily, RefundKey, RefundState, ReturnedAdvance, SettleError},
        table::{Applied, ApplyRefusal},
    },
};

/// Usual destination of a refund.
pub(crate) const TO_THE_WALLET: &str = "支付用户零钱";

/// Accepts a refund and sends the money; the order counts as refunded from now on.
pub(crate) fn apply(world: &World, draft: Refund) -> Result<Applied, ApplyRefusal> {
    let applied = world.refunds.apply(draft)?;
    if applied.is_new {
        let refund = &applied.refund;
        count(&world.counts.refunds);
        world.orders.change(&refund.order, |order| {
            order.state = OrderState::Refund;
            order.note(
                refund.created_at,
                Step::RefundAccepted {
                    out_refund_no: refund.key.out_refund_no.clone(),
                    amount: refund.amount,
                },
            );
        });
        funds::refunded(world, refund);
        tell(world, refund);
        send_off(world, refund);
    }
    Ok(applied)
}

/// Refunds an order as in the merchant console, without a request.
///
/// `None` if the order is not paid, or the amount exceeds the rest.
pub fn by_hand(world: &World, order: &OrderKey, amount: i64) -> Option<Refund> {
    let now = world.clock.now();
    let order = world.order(order)?;
    let payment = order.payment.clone()?;
    let is_refundable = order.key.space == Space::Order && order.state != OrderState::Revoked;
    if !is_refundable || amount <= 0 || !world.funds.has_for_refunds() {
        return None;
    }
    let is_platform = world.merchants.get(&order.key.mchid)?.is_platform();
    let refund_id = world.ids.refund_id(now);
    let mut request = json!({ "amount": { "refund": amount, "total": order.total, "currency": "CNY" } });
    if let (Some(object), Some(person)) = (request.as_object_mut(), order.payee_auth_id()) {
        object.insert("individual_auth_id".to_owned(), json!(person));
    }
    let draft = Refund {
        key: RefundKey {
            mchid: order.key.mchid.clone(),
            out_refund_no: format!("console-{refund_id}"),
        },
        family: if is_platform && (order.sub.is_some() || order.payee_auth_id().is_some()) {
            RefundFamily::Ecommerce
        } else {
            RefundFamily::Ordinary
        },
        refund_id,
        order: order.key,
        sub_mchid: order.sub.map(|sub| sub.mchid),
        transaction_id: payment.transaction_id,
        amount,
        total: order.total,
        fee: 0,
        request: request.into(),
        notify_url: order.notify_url,
        created_at: now,
        state: RefundState::Processing,
        changed_at: now,
        channel: "ORIGINAL".into(),
        received_account: TO_THE_WALLET.to_owned(),
        round: 0,
        returned_advance: None,
    };
    apply(world, draft).ok().map(|applied| applied.refund)
}

/// Settles what was planned, unless something else came between.
pub(crate) fn settle_planned(world: &World, key: &RefundKey, round: u32) {
    let is_planned = world.refunds.change(key, |refund| {
        refund.state == RefundState::Processing && refund.round == round
    });
    if is_planned == Some(true) {
        // It was looked at just now: it can be settled.
        let _ = settle(world, key, RefundState::Success);
    }
}

/// Gives a refund its next state and tells the merchant.
pub fn settle(world: &World, key: &RefundKey, to: RefundState) -> Result<Refund, SettleError> {
    let now = world.clock.now();
    let (was, refund) = world
        .refunds
        .change(key, |refund| {
            let was = refund.state;
            refund.settle(to, now).map(|()| (was, refund.clone()))
        })
        .ok_or(SettleError::NoSuchRefund)??;
    if was != refund.state {
        world.orders.change(&refund.order, |order| {
            order.note(
                now,
                Step::RefundSettled {
                    out_refund_no: refund.key.out_refund_no.clone(),
                    state: refund.state,
                },
            );
        });
        if refund.state == RefundState::Closed {
            funds::refund_closed(world, &refund);
        }
        tell(world, &refund);
        complaints::refunded(world, &refund);
    }
    Ok(refund)
}

/// Sends an abnormal refund another way. `None` if it is none.
pub(crate) fn reroute(
    world: &World,
    key: &RefundKey,
    channel: &'static str,
    received_account: String,
) -> Option<Refund> {
    let now = world.clock.now();
    let refund = world.refunds.change(key, |refund| {
        (refund.state == RefundState::Abnormal).then(|| {
            refund.state = RefundState::Processing;
            refund.changed_at = now;
            refund.channel = channel.into();
            refund.received_account = received_account;
            refund.round = refund.round.wrapping_add(1);
            refund.clone()
        })
    })??;
    tell(world, &refund);
    send_off(world, &refund);
    Some(refund)
}

/// Gives the platform back what it advanced. A repeated call finds the first return.
pub(crate) fn give_back_advance(
    world: &World,
    key: &RefundKey,
    returned: &ReturnedAdvance,
) -> Option<Refund> {
    let (is_new, refund) = world.refunds.change(key, |refund| {
        let is_new = refund.returned_advance.is_none();
        refund.returned_advance.get_or_insert_with(|| returned.clone());
        (is_new, refund.clone())
    })?;
    if is_new {
        funds::advance_returned(world, &refund, &returned.advance_return_id, returned.at);
    }
    Some(refund)
}

fn send_off(world: &World, refund: &Refund) {
    let due = Due::SettleRefund {
        key: refund.key.clone(),
        round: refund.round,
    };
    world.agenda.after(world.rules.settle_delay, due);
}

fn tell(world: &World, refund: &Refund) {
    world.tell(&Event::Refund(refund));
}

//! Life of a refund: accepted, settled, abnormal.

use serde_json::{Map, Value, json};

use crate::{
    handle::shared::{Shared, count},
    journal::EventKind,
    notify::{self, Draft},
    world::{
        clock::Due,
        funds,
        orders::{
            state::{OrderKey, OrderState, Space},
            timeline::Step,
            view::rfc3339,
        },
        refunds::{
            state::{Refund, RefundFamily, RefundKey, RefundState, SettleError},
            table::{Applied, ApplyRefusal},
        },
    },
};

/// Usual destination of a refund.
pub(crate) const TO_THE_WALLET: &str = "支付用户零钱";

/// Accepts a refund and sends the money; the order counts as refunded from now on.
pub(crate) fn apply(shared: &Shared, draft: Refund) -> Result<Applied, ApplyRefusal> {
    let applied = shared.refunds.apply(draft)?;
    if applied.is_new {
        let refund = &applied.refund;
        count(&shared.totals.refunds);
        shared.orders.change(&refund.order, |order| {
            order.state = OrderState::Refund;
            order.note(
                refund.created_at,
                Step::RefundAccepted {
                    out_refund_no: refund.key.out_refund_no.clone(),
                    amount: refund.amount,
                },
            );
        });
        funds::refunded(shared, refund);
        tell(shared, refund);
        send_off(shared, refund);
    }
    Ok(applied)
}

/// Refunds an order as in the merchant console, without a request.
///
/// `None` if the order is not paid, or the amount exceeds the rest.
pub(crate) fn by_hand(shared: &Shared, order: &OrderKey, amount: i64) -> Option<Refund> {
    let now = shared.clock.now();
    let order = shared.orders.get(order, now)?;
    let payment = order.payment.clone()?;
    if order.key.space != Space::Order || amount <= 0 || !shared.has_refund_funds() {
        return None;
    }
    let is_platform = shared.merchants.get(&order.key.mchid)?.is_platform();
    let refund_id = shared.ids.refund_id(now);
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
        request,
        notify_url: order.notify_url,
        created_at: now,
        state: RefundState::Processing,
        changed_at: now,
        channel: "ORIGINAL".into(),
        received_account: TO_THE_WALLET.to_owned(),
        round: 0,
        returned_advance: None,
    };
    apply(shared, draft).ok().map(|applied| applied.refund)
}

/// Settles what was planned, unless something else came between.
pub(crate) fn settle_planned(shared: &Shared, key: &RefundKey, round: u32) {
    let is_planned = shared.refunds.change(key, |refund| {
        refund.state == RefundState::Processing && refund.round == round
    });
    if is_planned == Some(true) {
        // It was looked at just now: it can be settled.
        let _ = settle(shared, key, RefundState::Success);
    }
}

/// Gives a refund its next state and tells the merchant.
pub(crate) fn settle(shared: &Shared, key: &RefundKey, to: RefundState) -> Result<Refund, SettleError> {
    let now = shared.clock.now();
    let (was, refund) = shared
        .refunds
        .change(key, |refund| {
            let was = refund.state;
            refund.settle(to, now).map(|()| (was, refund.clone()))
        })
        .ok_or(SettleError::NoSuchRefund)??;
    if was != refund.state {
        shared.orders.change(&refund.order, |order| {
            order.note(
                now,
                Step::RefundSettled {
                    out_refund_no: refund.key.out_refund_no.clone(),
                    state: refund.state,
                },
            );
        });
        if refund.state == RefundState::Closed {
            funds::refund_closed(shared, &refund);
        }
        tell(shared, &refund);
        notify::start(shared, draft(&refund));
    }
    Ok(refund)
}

/// Sends an abnormal refund another way. `None` if it is none.
pub(crate) fn reroute(
    shared: &Shared,
    key: &RefundKey,
    channel: &'static str,
    received_account: String,
) -> Option<Refund> {
    let now = shared.clock.now();
    let refund = shared.refunds.change(key, |refund| {
        (refund.state == RefundState::Abnormal).then(|| {
            refund.state = RefundState::Processing;
            refund.changed_at = now;
            refund.channel = channel.into();
            refund.received_account = received_account;
            refund.round = refund.round.wrapping_add(1);
            refund.clone()
        })
    })??;
    tell(shared, &refund);
    send_off(shared, &refund);
    Some(refund)
}

fn send_off(shared: &Shared, refund: &Refund) {
    let due = Due::SettleRefund {
        key: refund.key.clone(),
        round: refund.round,
    };
    shared.agenda.after(shared.settings.settle_delay, due);
}

fn tell(shared: &Shared, refund: &Refund) {
    shared.tell(EventKind::Refund {
        out_refund_no: refund.key.out_refund_no.clone(),
        out_trade_no: refund.order.out_trade_no.clone(),
        amount: refund.amount,
        state: refund.state,
    });
}

/// The notification of a settled refund.
fn draft(refund: &Refund) -> Draft {
    let (event_type, summary) = match refund.state {
        RefundState::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
        RefundState::Closed => ("REFUND.CLOSED", "退款关闭"),
        RefundState::Success | RefundState::Processing => ("REFUND.SUCCESS", "退款成功"),
    };
    Draft {
        mchid: refund.key.mchid.clone(),
        order: Some(refund.order.clone()),
        subject: refund.key.out_refund_no.clone(),
        event_type: event_type.into(),
        notify_url: refund.notify_url.clone(),
        resource: resource(refund),
        original_type: "refund".into(),
        associated_data: "refund".into(),
        summary: summary.into(),
    }
}

/// The sealed part. The state stands under another name than in a response.
fn resource(refund: &Refund) -> Value {
    let mut json = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    match &refund.sub_mchid {
        Some(sub_mchid) => {
            put("sp_mchid", json!(refund.key.mchid));
            put("sub_mchid", json!(sub_mchid));
        }
        None => match refund.request.get("individual_auth_id") {
            Some(person) => {
                put("sp_mchid", json!(refund.key.mchid));
                put("individual_auth_id", person.clone());
            }
            None => put("mchid", json!(refund.key.mchid)),
        },
    }
    put("out_trade_no", json!(refund.order.out_trade_no));
    put("transaction_id", json!(refund.transaction_id));
    put("out_refund_no", json!(refund.key.out_refund_no));
    put("refund_id", json!(refund.refund_id));
    put("refund_status", json!(refund.state.as_str()));
    if refund.state == RefundState::Success {
        put("success_time", json!(rfc3339(refund.changed_at)));
    }
    put("user_received_account", json!(refund.received_account));
    put(
        "amount",
        json!({
            "total": refund.total,
            "refund": refund.amount,
            "payer_total": refund.total,
            "payer_refund": refund.amount,
        }),
    );
    if refund.family == RefundFamily::Ecommerce {
        let account = refund
            .text("/refund_account")
            .unwrap_or("REFUND_SOURCE_SUB_MERCHANT");
        put("refund_account", json!(account));
    }
    Value::Object(json)
}

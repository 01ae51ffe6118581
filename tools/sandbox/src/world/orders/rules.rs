//! A buyer's actions: pay or cancel.

use std::time::Duration;

use crate::{
    faults::Fault,
    handle::shared::{Shared, count},
    journal::EventKind,
    notify::{self, Draft},
    world::{
        clock::Due,
        combine::view::combined_notice,
        funds,
        lints::{Finding, Lint},
        orders::{
            buyer::Buyer,
            state::{ORDER_SECONDS, Order, OrderKey, OrderState, PayError, Space},
            timeline::Step,
            view::notice,
        },
    },
};

/// A shop that was not told of a payment has asked by then.
const QUERY_WITHIN: Duration = Duration::from_secs(600);

/// Pays an order, records the event, and starts the notification.
///
/// An item of a combined order is paid with all the others.
pub(crate) fn pay(shared: &Shared, key: &OrderKey, buyer: Buyer) -> Result<(), PayError> {
    let now = shared.clock.now();
    let whole = whole(shared, key);
    let key = whole.as_ref().unwrap_or(key);
    let fault = fault(shared, key);
    let outcome = match fault {
        Some(Fault::PayFailBalance) => shared.orders.fail(key, now, buyer, PayError::NotEnough),
        Some(Fault::PayFailRisk) => shared.orders.fail(key, now, buyer, PayError::Blocked),
        _ => shared
            .orders
            .pay(key, now, buyer, || shared.ids.transaction_id(now)),
    };
    match outcome {
        Ok(order) => {
            paid(shared, &order, buyer, fault);
            Ok(())
        }
        Err(reason) => {
            if reason != PayError::NoSuchOrder {
                shared.tell(EventKind::PaymentFailed {
                    out_trade_no: key.out_trade_no.clone(),
                    buyer,
                    reason,
                });
            }
            Err(reason)
        }
    }
}

/// The fault of the payment, recorded at once because no request shows it.
fn fault(shared: &Shared, key: &OrderKey) -> Option<Fault> {
    let now = shared.clock.now();
    let order = shared.orders.get(key, now)?;
    order.payable(now).ok()?;
    let fired = shared
        .faults
        .of_payment(&key.mchid, &[&key.out_trade_no], now, &shared.ids);
    let fault = fired.payment()?;
    shared.tell(EventKind::Fault {
        fault,
        out_trade_no: key.out_trade_no.clone(),
    });
    Some(fault)
}

fn paid(shared: &Shared, order: &Order, buyer: Buyer, fault: Option<Fault>) {
    count(&shared.totals.payments);
    shared.tell(EventKind::Paid {
        out_trade_no: order.key.out_trade_no.clone(),
        total: order.total,
        buyer,
    });
    notify::start(shared, paid_draft(shared, order));
    match fault {
        Some(Fault::PayThenReverse) => {
            shared
                .orders
                .force(&order.key, OrderState::Revoked, shared.clock.now());
            return;
        }
        Some(Fault::DoublePay) => {
            let mut again = order.clone();
            if let Some(payment) = &mut again.payment {
                payment.transaction_id = shared.ids.transaction_id(payment.at);
            }
            notify::start(shared, paid_draft(shared, &again));
        }
        _ => {}
    }
    if order.items.is_empty() {
        funds::paid(shared, order);
    }
    for item in shared.orders.items_of(order) {
        funds::paid(shared, &item);
    }
    shared
        .agenda
        .after(QUERY_WITHIN, Due::MissedQuery(order.key.clone()));
}

/// Pays an order and tells nobody: neither the merchant nor the log.
pub(crate) fn pay_unheard(shared: &Shared, key: &OrderKey, buyer: Buyer) -> Result<Order, PayError> {
    let now = shared.clock.now();
    let order = shared
        .orders
        .pay(key, now, buyer, || shared.ids.transaction_id(now))?;
    count(&shared.totals.payments);
    funds::paid(shared, &order);
    Ok(order)
}

/// Lints a payment that the shop cannot know of.
///
/// No notification of it arrived, and the shop did not query it.
pub(crate) fn missed_query(shared: &Shared, key: &OrderKey) {
    let is_known = shared.orders.change(key, |order| {
        order
            .timeline
            .iter()
            .any(|entry| matches!(entry.step, Step::Queried | Step::Acknowledged))
    });
    if is_known == Some(false) {
        shared.lint(Lint {
            finding: Finding::NoQueryFallback {
                minutes: QUERY_WITHIN.as_secs() / 60,
            },
            at: shared.clock.now(),
            out_trade_no: Some(key.out_trade_no.clone()),
        });
    }
}

/// The combined order that this is an item of.
fn whole(shared: &Shared, key: &OrderKey) -> Option<OrderKey> {
    shared
        .orders
        .change(key, |order| order.combination.clone())
        .flatten()
}

/// The notification of a payment.
fn paid_draft(shared: &Shared, order: &Order) -> Draft {
    let resource = match order.key.space {
        Space::Order => notice(order),
        Space::Combination => combined_notice(order, &shared.orders.items_of(order)),
    };
    Draft {
        mchid: order.key.mchid.clone(),
        order: Some(order.key.clone()),
        subject: order.key.out_trade_no.clone(),
        event_type: "TRANSACTION.SUCCESS".into(),
        notify_url: order.notify_url.clone(),
        resource,
        original_type: "transaction".into(),
        associated_data: "transaction".into(),
        summary: "支付成功".into(),
    }
}

/// Sees to it that an order closes when nobody pays it.
pub(crate) fn watch(shared: &Shared, key: OrderKey) {
    // One second more: in the last one it can still be paid.
    let life = Duration::from_secs(ORDER_SECONDS.unsigned_abs().saturating_add(1));
    shared.agenda.after(life, Due::CloseOrder(key));
}

/// Closes an order that nobody paid for seven days.
pub(crate) fn expire(shared: &Shared, key: &OrderKey) {
    let now = shared.clock.now();
    if shared.orders.expire(key, now) {
        shared.tell(EventKind::Expired {
            out_trade_no: key.out_trade_no.clone(),
        });
    }
}

/// Turns back. The order stays as it is.
pub(crate) fn cancel(shared: &Shared, key: &OrderKey) -> Result<(), PayError> {
    let now = shared.clock.now();
    let whole = whole(shared, key);
    let key = whole.as_ref().unwrap_or(key);
    shared
        .orders
        .change(key, |order| {
            order.settle(now);
            order.payable(now)?;
            order.note(now, Step::Cancelled);
            Ok(())
        })
        .unwrap_or(Err(PayError::NoSuchOrder))?;
    shared.tell(EventKind::Cancelled {
        out_trade_no: key.out_trade_no.clone(),
    });
    Ok(())
}

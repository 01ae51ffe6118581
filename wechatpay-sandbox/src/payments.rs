//! What a buyer does: pay, or turn back.

use std::time::Duration;

use crate::{
    event::EventKind,
    funds,
    notify::{self, Draft},
    shared::{Shared, count},
    state::{
        buyer::Buyer,
        combination::combination,
        order::{ORDER_SECONDS, Order, OrderKey, PayError, Space},
        snapshot::Step,
        transaction::transaction,
    },
    time::Due,
};

/// Pays an order, tells everyone, and starts the notification. An item of a combined order is paid with all the others.
pub(crate) fn pay(shared: &Shared, key: &OrderKey, buyer: Buyer) -> Result<(), PayError> {
    let now = shared.clock.now();
    let whole = whole(shared, key);
    let key = whole.as_ref().unwrap_or(key);
    let outcome = shared
        .orders
        .pay(key, now, buyer, || shared.ids.transaction_id(now));
    match outcome {
        Ok(order) => {
            count(&shared.totals.payments);
            if order.items.is_empty() {
                funds::paid(shared, &order);
            }
            for item in shared.orders.items_of(&order) {
                funds::paid(shared, &item);
            }
            shared.tell(EventKind::Paid {
                out_trade_no: order.key.out_trade_no.clone(),
                total: order.total,
                buyer,
            });
            notify::start(shared, paid_draft(shared, &order));
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

/// The combined order that this is an item of.
fn whole(shared: &Shared, key: &OrderKey) -> Option<OrderKey> {
    shared
        .orders
        .change(key, |order| order.combination.clone())
        .flatten()
}

/// What the merchant is told of a payment.
fn paid_draft(shared: &Shared, order: &Order) -> Draft {
    let resource = match order.key.space {
        Space::Order => transaction(order),
        Space::Combination => combination(order, &shared.orders.items_of(order)),
    };
    Draft {
        mchid: order.key.mchid.clone(),
        order: Some(order.key.clone()),
        subject: order.key.out_trade_no.clone(),
        event_type: "TRANSACTION.SUCCESS",
        notify_url: order.notify_url.clone(),
        resource,
        original_type: "transaction",
        associated_data: "transaction",
        summary: "支付成功",
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

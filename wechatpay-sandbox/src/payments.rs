//! What a buyer does: pay, or turn back.

use std::time::Duration;

use crate::{
    event::EventKind,
    notify::{self, Draft},
    shared::{Shared, count},
    state::{
        buyer::Buyer,
        order::{ORDER_SECONDS, Order, OrderKey, PayError},
        snapshot::Step,
        transaction::transaction,
    },
    time::Due,
};

/// Pays an order, tells everyone, and starts the notification.
pub(crate) fn pay(shared: &Shared, key: &OrderKey, buyer: Buyer) -> Result<(), PayError> {
    let now = shared.clock.now();
    let transaction_id = shared.ids.transaction_id(now);
    let outcome = shared
        .orders
        .change(key, |order| {
            order.pay(now, buyer, transaction_id).map(|()| order.clone())
        })
        .unwrap_or(Err(PayError::NoSuchOrder));
    match outcome {
        Ok(order) => {
            count(&shared.totals.payments);
            shared.tell(EventKind::Paid {
                out_trade_no: order.key.out_trade_no.clone(),
                total: order.total,
                buyer,
            });
            notify::start(shared, paid_draft(&order));
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

/// What the merchant is told of a payment.
fn paid_draft(order: &Order) -> Draft {
    Draft {
        mchid: order.key.mchid.clone(),
        out_trade_no: order.key.out_trade_no.clone(),
        subject: order.key.out_trade_no.clone(),
        event_type: "TRANSACTION.SUCCESS",
        notify_url: order.notify_url.clone(),
        resource: transaction(order),
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
    let is_closed = shared
        .orders
        .change(key, |order| order.settle(now))
        .unwrap_or_default();
    if is_closed {
        shared.tell(EventKind::Expired {
            out_trade_no: key.out_trade_no.clone(),
        });
    }
}

/// Turns back. The order stays as it is.
pub(crate) fn cancel(shared: &Shared, key: &OrderKey) -> Result<(), PayError> {
    let now = shared.clock.now();
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

//! What a buyer does: pay, or turn back.

use std::sync::Arc;

use crate::{
    event::EventKind,
    notify,
    shared::{Shared, count},
    state::{
        buyer::Buyer,
        order::{OrderKey, PayError},
        snapshot::Step,
    },
};

/// Pays an order, tells everyone, and starts the notification.
pub(crate) fn pay(shared: &Arc<Shared>, key: &OrderKey, buyer: Buyer) -> Result<(), PayError> {
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
            notify::start(shared, &order);
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

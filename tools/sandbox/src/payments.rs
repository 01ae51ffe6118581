//! A buyer pays, and meets the fault that waits for the payment.

use crate::{
    faults::{Fault, Faults},
    journal::{EventKind, Journal},
    world::{
        World,
        orders::{self, Irregularity, buyer::Buyer, key::OrderKey, state::PayError},
    },
};

/// Pays an order, with the irregularity that a fault asks for.
pub(crate) fn pay(
    world: &World,
    faults: &Faults,
    journal: &Journal,
    key: &OrderKey,
    buyer: Buyer,
) -> Result<(), PayError> {
    let key = orders::whole(world, key);
    let irregularity = match fault(world, faults, &key) {
        Some(fault) => {
            // At once, because no request shows it.
            journal.tell(EventKind::Fault {
                fault,
                out_trade_no: key.out_trade_no.clone(),
            });
            irregularity(fault)
        }
        None => None,
    };
    orders::pay(world, &key, buyer, irregularity)
}

fn fault(world: &World, faults: &Faults, key: &OrderKey) -> Option<Fault> {
    let now = world.clock.now();
    world.orders.get(key, now)?.payable(now).ok()?;
    let fired = faults.of_payment(&key.mchid, &[&key.out_trade_no], now, &world.ids);
    fired.payment()
}

const fn irregularity(fault: Fault) -> Option<Irregularity> {
    match fault {
        Fault::PayFailBalance => Some(Irregularity::NotEnough),
        Fault::PayFailRisk => Some(Irregularity::Blocked),
        Fault::PayThenReverse => Some(Irregularity::Reversed),
        Fault::DoublePay => Some(Irregularity::Twice),
        _ => None,
    }
}

//! A buyer pays, and meets the fault that waits for the payment.

use crate::{
    faults::{Fault, Faults},
    journal::{EventKind, Journal},
    world::{
        World,
        orders::{self, Irregularity, buyer::Buyer, key::OrderKey, state::PayError},
    },
};

/// Payers of a code confirm larger amounts with a password, in fen.
const WITHOUT_PASSWORD: i64 = 100_000;

/// Pays an order, with the irregularity that a fault asks for.
pub(crate) fn pay(
    world: &World,
    faults: &Faults,
    journal: &Journal,
    key: &OrderKey,
    buyer: Buyer,
) -> Result<(), PayError> {
    let key = orders::whole(world, key);
    let fault = fault(world, faults, journal, &key, false);
    orders::pay(world, &key, buyer, fault.and_then(irregularity))
}

/// Charges the code that a payer showed, or asks for a password.
pub(crate) fn charge(
    world: &World,
    faults: &Faults,
    journal: &Journal,
    key: &OrderKey,
) -> Result<(), PayError> {
    let order = world.order(key).ok_or(PayError::NoSuchOrder)?;
    let fault = if order.total > WITHOUT_PASSWORD {
        Some(Fault::AskPassword)
    } else {
        fault(world, faults, journal, key, true)
    };
    if fault == Some(Fault::AskPassword) {
        orders::ask_password(world, key);
        return Ok(());
    }
    orders::charge(world, key, fault.and_then(irregularity))
}

fn fault(world: &World, faults: &Faults, journal: &Journal, key: &OrderKey, by_code: bool) -> Option<Fault> {
    let now = world.clock.now();
    world.orders.get(key, now)?.payable(now).ok()?;
    let numbers = [key.out_trade_no.as_str()];
    let fault = faults
        .of_payment(&key.mchid, &numbers, by_code, now, &world.ids)
        .payment()?;
    // At once, because no request shows it.
    journal.tell(EventKind::Fault {
        fault,
        out_trade_no: key.out_trade_no.clone(),
    });
    Some(fault)
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

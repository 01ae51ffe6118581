//! Consistency checks of a snapshot, which may have been written by hand.

use std::{collections::HashSet, hash::Hash};

use super::{RestoreError, world::World};

/// More fen than any order costs; sums of many of these fit.
const MAX_AMOUNT: i64 = 10_000_000_000_000;
/// More entries than any table keeps.
const MAX_ENTRIES: usize = 200_000;

/// Numbers stand for one thing each, and amounts can be added up.
pub(super) fn sound(world: &World) -> Result<(), RestoreError> {
    unique("merchant", world.merchants.iter().map(|merchant| &merchant.mchid))?;
    unique(
        "changed merchant",
        world.merchant_changes.iter().map(|(mchid, _)| mchid),
    )?;
    unique("order", world.orders.iter().map(|order| &order.key))?;
    unique("refund", world.refunds.iter().map(|refund| &refund.key))?;
    unique("share", world.shares.shares.iter().map(|share| &share.key))?;
    unique(
        "return",
        world.shares.returns.iter().map(|returned| &returned.key),
    )?;
    unique("subsidy", world.subsidies.iter().map(|(order, _)| order))?;
    let applyments = &world.applyments.applyments;
    unique("application", applyments.iter().map(|applyment| &applyment.key))?;
    unique(
        "application id",
        applyments.iter().map(|applyment| applyment.applyment_id),
    )?;
    unique(
        "withdrawal",
        world.withdrawals.iter().map(|withdrawal| &withdrawal.key),
    )?;
    let notifications = &world.notifications.notifications;
    unique(
        "notification",
        notifications.iter().map(|notification| &notification.id),
    )?;
    few("movement", world.ledger.entries.len())?;
    few("file", world.media.len())?;
    few("lint", world.lints.len())?;
    few("thing to come", world.agenda.len())?;

    amounts("order", world.orders.iter().map(|order| order.total))?;
    amounts(
        "refund",
        world
            .refunds
            .iter()
            .flat_map(|refund| [refund.amount, refund.total, refund.fee]),
    )?;
    let details = world.shares.shares.iter().flat_map(|share| &share.details);
    amounts(
        "share",
        details.flat_map(|detail| [detail.amount, detail.returned]),
    )?;
    amounts(
        "return",
        world.shares.returns.iter().map(|returned| returned.amount),
    )?;
    let subsidies = world.subsidies.iter().flat_map(|(_, of)| {
        let paid = of.paid.iter().map(|subsidy| subsidy.amount);
        paid.chain(of.returned.iter().map(|subsidy| subsidy.amount))
    });
    amounts("subsidy", subsidies)?;
    amounts(
        "withdrawal",
        world.withdrawals.iter().map(|withdrawal| withdrawal.amount),
    )?;
    Ok(())
}

fn unique<T: Eq + Hash>(what: &str, keys: impl Iterator<Item = T>) -> Result<(), RestoreError> {
    let mut known = HashSet::new();
    for key in keys {
        if !known.insert(key) {
            return Err(RestoreError::Broken(format!("one {what} stands there twice")));
        }
    }
    few(what, known.len())
}

fn few(what: &str, count: usize) -> Result<(), RestoreError> {
    if count > MAX_ENTRIES {
        return Err(RestoreError::Broken(format!(
            "there are too many of this: {what}"
        )));
    }
    Ok(())
}

fn amounts(what: &str, mut amounts: impl Iterator<Item = i64>) -> Result<(), RestoreError> {
    if amounts.any(|amount| !(0..=MAX_AMOUNT).contains(&amount)) {
        return Err(RestoreError::Broken(format!("no {what} has such an amount")));
    }
    Ok(())
}

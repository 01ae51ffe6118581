//! Life of shared money: frozen, paid to receivers, released, returned.

use crate::world::Event;
use crate::{
    world::World,
    world::{
        clock::Due,
        funds::{
            self,
            ledger::{Account, Movement},
        },
        orders::state::Order,
        sharing::{
            state::{Detail, Share, ShareFailure, ShareKey, ShareResult, ShareReturn},
            table::ShareRefusal,
        },
    },
};

/// Money that nobody shares is released after so long: of e-commerce platforms, and of others.
const FROZEN_BY_PLATFORMS: i64 = 180 * 24 * 3600;
const FROZEN_BY_OTHERS: i64 = 30 * 24 * 3600;

/// Amount of an order that can still be shared, after the fee.
pub(crate) fn left(world: &World, order: &Order, now: i64) -> i64 {
    left_beside(world, order, now, world.shares.amount_of(&order.key))
}

/// The same if shares take so much of it.
fn left_beside(world: &World, order: &Order, now: i64, shares: i64) -> i64 {
    if !is_frozen(world, order, now) {
        return 0;
    }
    let kept = order.total.saturating_sub(world.refunds.sum_of(&order.key));
    kept.saturating_sub(funds::fee(kept))
        .saturating_sub(shares)
        .max(0)
}

/// Returns true if the money of an order waits to be shared.
pub(crate) fn is_frozen(world: &World, order: &Order, now: i64) -> bool {
    let is_of_platform = world
        .merchants
        .get(&order.key.mchid)
        .is_some_and(|merchant| merchant.is_platform() && order.sub.is_some());
    let life = if is_of_platform {
        FROZEN_BY_PLATFORMS
    } else {
        FROZEN_BY_OTHERS
    };
    order.profit_sharing
        && !order.sharing_finished
        && order
            .payment
            .as_ref()
            .is_some_and(|payment| now <= payment.at.saturating_add(life))
}

/// Frozen amount of an account: money of its orders that waits to be shared.
pub(crate) fn frozen(world: &World, owner: &str, now: i64) -> i64 {
    world
        .orders
        .matching(|order| order.profit_sharing && funds::payee(order) == owner)
        .iter()
        .map(|order| left(world, order, now))
        .sum()
}

/// Accepts a share and sends the money on its way; `finish` releases the rest.
pub(crate) fn share(world: &World, order: &Order, draft: Share, finish: bool) -> Result<Share, ShareRefusal> {
    let now = draft.created_at;
    let share = world
        .shares
        .add(draft, |shares| left_beside(world, order, now, shares))?;
    if finish {
        release(world, order);
    }
    for detail in &share.details {
        tell(world, &share, detail);
    }
    if !share.details.is_empty() {
        let due = Due::SettleShare(share.key.clone());
        world.agenda.after(world.rules.settle_delay, due);
    }
    Ok(share)
}

/// Whatever is left belongs to the payee from now on.
fn release(world: &World, order: &Order) {
    world
        .orders
        .change(&order.key, |order| order.sharing_finished = true);
}

/// Settles a share; a receiver that was removed meanwhile gets nothing.
pub(crate) fn settle(world: &World, key: &ShareKey) {
    let Some(share) = world.shares.get(key) else {
        return;
    };
    for detail in &share.details {
        let is_known = world.shares.has_receiver(&detail.receiver);
        let failure = (!is_known).then_some(ShareFailure::NoRelation);
        settle_one(world, key, &detail.receiver.account, failure);
    }
}

/// Settles what one receiver gets, if it is pending. Says whether it was.
pub(crate) fn settle_one(
    world: &World,
    key: &ShareKey,
    account: &str,
    failure: Option<ShareFailure>,
) -> bool {
    let now = world.clock.now();
    let settled = world.shares.change(key, |share| {
        let detail = share
            .details
            .iter_mut()
            .find(|detail| detail.receiver.account == account && detail.result == ShareResult::Pending)?;
        detail.result = if failure.is_some() {
            ShareResult::Closed
        } else {
            ShareResult::Success
        };
        detail.failure = failure;
        detail.finished_at = Some(now);
        Some((detail.clone(), share.clone()))
    });
    let Some((detail, share)) = settled.flatten() else {
        return false;
    };
    if detail.result == ShareResult::Success {
        let numbers = Numbers {
            business: &detail.detail_id,
            voucher: &share.key.number,
        };
        pay_over(world, &share, &detail, detail.amount, &numbers, "分账", now);
    }
    tell(world, &share, &detail);
    true
}

/// Accepts a return. That of an ordinary merchant is done at once.
pub(crate) fn give_back(
    world: &World,
    draft: ShareReturn,
    at_once: bool,
) -> Result<ShareReturn, ShareRefusal> {
    let (accepted, is_new) = world.shares.give_back(draft)?;
    if !is_new {
        return Ok(accepted);
    }
    if at_once {
        settle_return(world, &accepted.key);
        return Ok(world.shares.get_return(&accepted.key).unwrap_or(accepted));
    }
    let due = Due::SettleReturn(accepted.key.clone());
    world.agenda.after(world.rules.settle_delay, due);
    Ok(accepted)
}

/// The money of a return arrives at the payee of the order.
pub(crate) fn settle_return(world: &World, key: &ShareKey) {
    let now = world.clock.now();
    let settled = world.shares.change_return(key, |given| {
        (given.result == ShareResult::Pending).then(|| {
            given.result = ShareResult::Success;
            given.finished_at = Some(now);
            given.clone()
        })
    });
    let Some(given) = settled.flatten() else { return };
    let Some(share) = world.shares.get(&given.share) else {
        return;
    };
    let detail = share
        .details
        .iter()
        .find(|detail| detail.receiver.account == given.return_mchid);
    let Some(detail) = detail else { return };
    let numbers = Numbers {
        business: &given.return_no,
        voucher: &given.key.number,
    };
    let back = given.amount.saturating_neg();
    pay_over(world, &share, detail, back, &numbers, "分账回退", now);
    world.tell(&Event::ShareReturned {
        detail,
        share: &share,
        returned: &given,
    });
}

/// The platform's number and the merchant's of what moves money.
struct Numbers<'a> {
    business: &'a str,
    voucher: &'a str,
}

/// From the payee to the receiver, or back if the amount is below zero.
fn pay_over(
    world: &World,
    share: &Share,
    detail: &Detail,
    amount: i64,
    numbers: &Numbers<'_>,
    name: &'static str,
    at: i64,
) {
    let payee = share.sub_mchid.as_deref().unwrap_or(&share.key.mchid);
    let movement = |owner: &str, amount: i64| Movement {
        owner: owner.to_owned(),
        account: Account::Basic,
        at,
        amount,
        business_no: numbers.business.to_owned(),
        name: name.into(),
        kind: name.into(),
        applicant: format!("{}API", share.key.mchid),
        note: detail.description.clone(),
        voucher: numbers.voucher.to_owned(),
    };
    funds::add(world, movement(payee, amount.saturating_neg()));
    if detail.receiver.kind == "MERCHANT_ID" {
        funds::add(world, movement(&detail.receiver.account, amount));
    }
}

fn tell(world: &World, share: &Share, detail: &Detail) {
    world.tell(&Event::Share { share, detail });
}

//! Life of a subsidy: paid as promised, given back, called off.

use super::state::{Subsidy, SubsidyReturn};
use crate::world::{World, funds, orders::state::Order};

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubsidyRefusal {
    /// The subsidy of the order was called off.
    CalledOff,
    /// More than the order promised.
    MoreThanPromised,
    /// The number of a return exists with other values.
    Differs,
    /// More than was paid and not given back.
    MoreThanPaid,
    /// A paid subsidy can only be given back.
    PaidAlready,
}

/// Pays a subsidy to an order that was promised one.
///
/// A repeated call finds the first subsidy.
pub(crate) fn pay(
    world: &World,
    order: &Order,
    promised: i64,
    draft: Subsidy,
) -> Result<Subsidy, SubsidyRefusal> {
    let (subsidy, is_new) = world.subsidies.change(&order.key, |of_order| {
        if let Some(known) = of_order.paid.iter().find(|known| known.request == draft.request) {
            return Ok((known.clone(), false));
        }
        if of_order.is_cancelled {
            return Err(SubsidyRefusal::CalledOff);
        }
        if of_order.paid_amount().saturating_add(draft.amount) > promised {
            return Err(SubsidyRefusal::MoreThanPromised);
        }
        of_order.paid.push(draft.clone());
        Ok((draft, true))
    })?;
    if is_new {
        funds::subsidised(world, order, &subsidy.subsidy_id, subsidy.amount, subsidy.at);
    }
    Ok(subsidy)
}

/// Gives a part of a paid subsidy back.
///
/// A repeated call finds the first return.
pub(crate) fn give_back(
    world: &World,
    order: &Order,
    draft: SubsidyReturn,
) -> Result<SubsidyReturn, SubsidyRefusal> {
    let (given, is_new) = world.subsidies.change(&order.key, |of_order| {
        let mut returned = of_order.returned.iter();
        match returned.find(|known| known.out_order_no == draft.out_order_no) {
            Some(known) if known.request == draft.request => Ok((known.clone(), false)),
            Some(_) => Err(SubsidyRefusal::Differs),
            None if draft.amount > of_order.left() => Err(SubsidyRefusal::MoreThanPaid),
            None => {
                of_order.returned.push(draft.clone());
                Ok((draft, true))
            }
        }
    })?;
    if is_new {
        let back = given.amount.saturating_neg();
        funds::subsidised(world, order, &given.subsidy_refund_id, back, given.at);
    }
    Ok(given)
}

/// Calls the subsidy of an order off, unless it was paid.
pub(crate) fn call_off(world: &World, order: &Order) -> Result<(), SubsidyRefusal> {
    world.subsidies.change(&order.key, |of_order| {
        if !of_order.paid.is_empty() {
            return Err(SubsidyRefusal::PaidAlready);
        }
        of_order.is_cancelled = true;
        Ok(())
    })
}

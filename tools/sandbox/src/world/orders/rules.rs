//! A buyer's actions: pay or cancel.

use std::time::Duration;

use crate::world::{
    Event, World,
    clock::Due,
    count, funds,
    lints::{Finding, Lint},
    orders::{
        buyer::Buyer,
        key::OrderKey,
        scene::Scene,
        state::{ORDER_SECONDS, Order, OrderState, PayError, Reversal, ReverseRefusal},
        timeline::Step,
    },
};

/// A shop that was not told of a payment has asked by then.
const QUERY_WITHIN: Duration = Duration::from_secs(600);

/// A deliberate irregularity of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Irregularity {
    /// The buyer has too little money.
    NotEnough,
    /// Risk control blocks the payment.
    Blocked,
    /// Paid, and taken back at once.
    Reversed,
    /// Paid twice, under two transaction ids.
    Twice,
}

/// Pays an order.
///
/// An item of a combined order is paid with all the others.
pub(crate) fn pay(
    world: &World,
    key: &OrderKey,
    buyer: Buyer,
    irregularity: Option<Irregularity>,
) -> Result<(), PayError> {
    let now = world.clock.now();
    let key = &whole(world, key);
    let outcome = match irregularity {
        Some(Irregularity::NotEnough) => world.orders.fail(key, now, buyer, PayError::NotEnough),
        Some(Irregularity::Blocked) => world.orders.fail(key, now, buyer, PayError::Blocked),
        _ => world
            .orders
            .pay(key, now, buyer, || world.ids.transaction_id(now)),
    };
    match outcome {
        Ok(order) => {
            paid(world, order, buyer, irregularity);
            Ok(())
        }
        Err(reason) => {
            if reason != PayError::NoSuchOrder {
                world.tell(&Event::PaymentFailed {
                    key: key.clone(),
                    buyer,
                    reason,
                });
            }
            Err(reason)
        }
    }
}

fn paid(world: &World, order: Order, buyer: Buyer, irregularity: Option<Irregularity>) {
    count(&world.counts.payments);
    world.tell(&Event::Paid { order: &order, buyer });
    match irregularity {
        Some(Irregularity::Reversed) => {
            world
                .orders
                .force(&order.key, OrderState::Revoked, world.clock.now());
            return;
        }
        Some(Irregularity::Twice) => {
            let mut again = order.clone();
            if let Some(payment) = &mut again.payment {
                payment.transaction_id = world.ids.transaction_id(payment.at);
            }
            world.tell(&Event::PaidAgain(&again));
        }
        _ => {}
    }
    if order.items.is_empty() {
        funds::paid(world, &order);
    }
    for item in world.orders.items_of(&order) {
        funds::paid(world, &item);
    }
    // The response to the call says that a code was charged at once.
    let was_asked = |order: &Order| {
        let mut steps = order.timeline.iter();
        steps.any(|entry| entry.step == Step::PasswordAsked)
    };
    if !order.scene.is_charged() || was_asked(&order) {
        world.agenda.after(QUERY_WITHIN, Due::MissedQuery(order.key));
    }
}

/// Takes the money of the code that a payer showed.
///
/// An order whose payment fails is over, because its code is used.
pub(crate) fn charge(
    world: &World,
    key: &OrderKey,
    irregularity: Option<Irregularity>,
) -> Result<(), PayError> {
    let outcome = pay(world, key, Buyer::Alice, irregularity);
    if outcome.is_err() {
        world.orders.change(key, |order| {
            if order.is_open() {
                order.state = OrderState::PayError;
            }
        });
    }
    outcome
}

/// Asks the payer of a code for a password.
pub(crate) fn ask_password(world: &World, key: &OrderKey) {
    let now = world.clock.now();
    world.orders.change(key, |order| {
        if order.state == OrderState::NotPay {
            order.state = OrderState::UserPaying;
            order.note(now, Step::PasswordAsked);
        }
    });
}

/// Reverses an order that is paid by code, and returns its money.
pub(crate) fn reverse(world: &World, key: &OrderKey) -> Result<Order, ReverseRefusal> {
    let now = world.clock.now();
    let (order, reversal) = world.orders.reverse(key, now)?;
    if reversal == Reversal::Returned {
        if order.items.is_empty() {
            funds::reversed(world, &order, now);
        }
        for item in world.orders.items_of(&order) {
            funds::reversed(world, &item, now);
        }
    }
    if reversal != Reversal::Repeated {
        world.tell(&Event::Reversed(&order));
    }
    Ok(order)
}

/// Pays an order and tells nobody: neither the merchant nor the log.
pub(crate) fn pay_unheard(world: &World, key: &OrderKey, buyer: Buyer) -> Result<Order, PayError> {
    let now = world.clock.now();
    let order = world
        .orders
        .pay(key, now, buyer, || world.ids.transaction_id(now))?;
    count(&world.counts.payments);
    funds::paid(world, &order);
    Ok(order)
}

/// Lints a payment that the shop cannot know of.
///
/// No notification of it arrived, and the shop did not query it.
pub(crate) fn missed_query(world: &World, key: &OrderKey) {
    let is_known = world.orders.change(key, |order| {
        order
            .timeline
            .iter()
            .any(|entry| matches!(entry.step, Step::Queried | Step::Acknowledged))
    });
    if is_known == Some(false) {
        world.lint(Lint {
            finding: Finding::NoQueryFallback {
                minutes: QUERY_WITHIN.as_secs() / 60,
            },
            at: world.clock.now(),
            out_trade_no: Some(key.out_trade_no.clone()),
        });
    }
}

/// The order that is paid: the combined one, if this is an item of it.
pub(crate) fn whole(world: &World, key: &OrderKey) -> OrderKey {
    let combination = world.orders.change(key, |order| order.combination.clone());
    combination.flatten().unwrap_or_else(|| key.clone())
}

/// Sees to it that an order closes when nobody pays it.
pub(crate) fn watch(world: &World, key: OrderKey) {
    // One second more: in the last one it can still be paid.
    let life = Duration::from_secs(ORDER_SECONDS.unsigned_abs().saturating_add(1));
    world.agenda.after(life, Due::CloseOrder(key));
}

/// Closes an order that nobody paid for seven days.
pub(crate) fn expire(world: &World, key: &OrderKey) {
    let now = world.clock.now();
    if world.orders.expire(key, now) {
        world.tell(&Event::Expired(key.clone()));
    }
}

/// Turns back. The order stays as it is.
///
/// The payment of an order that is paid by code has failed then.
pub fn cancel(world: &World, key: &OrderKey) -> Result<(), PayError> {
    let now = world.clock.now();
    let key = &whole(world, key);
    world
        .orders
        .change(key, |order| {
            order.settle(now);
            order.payable(now)?;
            order.note(now, Step::Cancelled);
            if order.scene == Scene::CodePay {
                order.state = OrderState::PayError;
            }
            Ok(())
        })
        .unwrap_or(Err(PayError::NoSuchOrder))?;
    world.tell(&Event::Cancelled(key.clone()));
    Ok(())
}

//! Planned notifications, derived from a seed.

use std::time::Duration;

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

/// Random numbers of a seed.
#[derive(Debug)]
pub struct Dice(ChaCha20Rng);

impl Dice {
    /// Dice of their own for one purpose.
    #[must_use]
    pub fn new(seed: u64, purpose: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        rng.set_stream(purpose);
        Self(rng)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end.max(1)
    }

    /// Returns true with this probability in percent.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A random time up to a maximum.
    pub fn within(&mut self, longest: Duration) -> Duration {
        Duration::from_millis(self.below(longest.as_millis() as u64))
    }
}

/// Kinds of notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// A payment. It may be notified under several ids.
    Paid,
    /// That a part was given back; the number of the refund.
    Refunded(u32),
}

impl Tells {
    /// The event of an order, as the shops name it.
    #[must_use]
    pub fn event(self, order: &str) -> String {
        match self {
            Self::Paid => format!("payment/{order}/SUCCESS"),
            Self::Refunded(number) => format!("refund/{order}R{number}/SUCCESS"),
        }
    }
}

/// A notification, its copies, and when each of them is sent first.
#[derive(Clone, Debug)]
pub struct NotificationPlan {
    /// Its id.
    pub id: String,
    /// Kind of the notification.
    pub tells: Tells,
    /// When each copy sets out, after the order was made.
    pub copies: Vec<Duration>,
    /// Delay of a copy after the acknowledgement.
    pub late: Option<Duration>,
}

/// An order.
#[derive(Clone, Debug)]
pub struct OrderPlan {
    /// The platform's number of the payment.
    pub transaction_id: String,
    /// Time that the buyer takes.
    pub paid_after: Duration,
    /// Notifications about the order; none if all are dropped for ever.
    pub notifications: Vec<NotificationPlan>,
}

/// Share of the orders whose notifications are all dropped, in percent.
const DROPPED: u64 = 30;
/// Longest time that a buyer takes.
const BUYER_TAKES: Duration = Duration::from_secs(1);
/// Time span of one order's notifications, which arrive in any order.
const REORDERED_WITHIN: Duration = Duration::from_millis(300);

/// Plans this number of paid orders.
///
/// Of some nothing is ever notified. Some payments are notified under further ids, some orders are refunded in part.
#[must_use]
pub fn orders(payments: usize, seed: u64) -> Vec<OrderPlan> {
    let mut dice = Dice::new(seed, 1);
    (0..payments)
        .map(|number| OrderPlan {
            transaction_id: format!("42000{:03}20261124{number:012}", seed % 1000),
            paid_after: dice.within(BUYER_TAKES),
            notifications: match dice.percent(DROPPED) {
                true => Vec::new(),
                false => notifications(&mut dice, seed, number),
            },
        })
        .collect()
}

fn notifications(dice: &mut Dice, seed: u64, order: usize) -> Vec<NotificationPlan> {
    let further = match dice.below(100) {
        0..60 => 0,
        60..85 => 1,
        85..95 => 2,
        _ => 3,
    };
    (0..=further)
        .map(|place| {
            let tells = match place {
                0 => Tells::Paid,
                _ if dice.percent(50) => Tells::Paid,
                _ => Tells::Refunded(place),
            };
            let copies = 1 + usize::from(dice.percent(30)) + usize::from(dice.percent(15)) * 2;
            NotificationPlan {
                id: format!("{seed:08x}-0000-4000-8000-{order:010}{place:02}"),
                tells,
                copies: (0..copies).map(|_| dice.within(REORDERED_WITHIN)).collect(),
                late: dice.percent(10).then(|| dice.within(Duration::from_secs(2))),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_plan_and_another_makes_another() {
        let plan = |seed| format!("{:?}", orders(500, seed));
        assert_eq!(plan(1), plan(1));
        assert_ne!(plan(1), plan(2));
        let dropped = orders(1000, 1)
            .iter()
            .filter(|order| order.notifications.is_empty())
            .count();
        assert!((250..350).contains(&dropped), "{dropped}");
    }
}

//! Decision after a query, without I/O and clock.

use std::time::Duration;

/// Age from which an order may be reversed (撤销).
const REVERSE_FROM: Duration = Duration::from_secs(15);
/// Age at which a code is no longer valid.
///
/// A charge that is still on its way has no effect then.
const CODE_LIFE: Duration = Duration::from_secs(60);

/// State of an order at a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Paid.
    Paid,
    /// Paid, and a refund was started.
    Refunded,
    /// Not paid, and it may still be.
    Open,
    /// Over without a payment, or reversed.
    Over(Over),
    /// The platform does not know the number.
    Missing,
    /// The query failed, or the state is unknown.
    Unclear,
}

/// Ends without a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Failed,
    Closed,
    Reversed,
    /// The charge was refused, and there is no order.
    Refused,
    NeverArrived,
}

/// Next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The order is paid.
    Paid,
    /// The order is over.
    Over(Over),
    /// The order is in a state that nobody expects.
    Mismatch,
    /// Reverse the order, then query it.
    Reverse,
    /// Query the order after this time.
    Wait(Duration),
}

/// Facts of a run that the decision depends on. Times are ages since its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub(super) patience: Duration,
    pub(super) interval: Duration,
    /// The charge was refused: nothing of it is on its way.
    pub(super) is_refused: bool,
    /// A reversal of an earlier run may be on its way.
    pub(super) is_resumed: bool,
    /// A reversal of this run may have taken effect.
    pub(super) may_be_reversed: bool,
    /// The platform responded to a reversal, with success or that there is no order.
    pub(super) is_answered: bool,
    /// Age at the latest reversal.
    pub(super) reversed_at: Option<Duration>,
    /// The order was paid at the latest query.
    pub(super) was_paid: bool,
}

impl Course {
    pub(super) fn new(patience: Duration, interval: Duration, is_resumed: bool) -> Self {
        Self {
            patience,
            interval,
            is_refused: false,
            is_resumed,
            may_be_reversed: false,
            is_answered: false,
            reversed_at: None,
            was_paid: false,
        }
    }

    /// Decides the next step.
    pub(super) fn step(&mut self, seen: Seen, age: Duration) -> Step {
        let was_paid = std::mem::replace(&mut self.was_paid, seen == Seen::Paid);
        match seen {
            // The money may go back in the next moment: this is no payment any more.
            Seen::Paid if self.may_be_reversed => self.reverse_from(Duration::ZERO, age),
            Seen::Paid if self.is_resumed && !was_paid => Step::Wait(self.interval),
            Seen::Paid => Step::Paid,
            Seen::Refunded if self.may_be_reversed => Step::Over(Over::Reversed),
            Seen::Refunded => Step::Mismatch,
            Seen::Over(over) => Step::Over(over),
            Seen::Missing if self.is_refused => Step::Over(Over::Refused),
            Seen::Missing if self.is_answered => Step::Over(Over::NeverArrived),
            Seen::Missing => self.reverse_from(self.patience.max(CODE_LIFE), age),
            Seen::Open if self.is_refused => self.reverse_from(REVERSE_FROM, age),
            Seen::Open => self.reverse_from(self.patience.max(REVERSE_FROM), age),
            Seen::Unclear => Step::Wait(self.interval),
        }
    }

    /// Reverses from this age on, and an interval after the latest reversal.
    fn reverse_from(&self, from: Duration, age: Duration) -> Step {
        let next = self
            .reversed_at
            .map_or(from, |at| from.max(at.saturating_add(self.interval)));
        let left = next.saturating_sub(age);
        if left.is_zero() {
            Step::Reverse
        } else {
            Step::Wait(left.min(self.interval))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn course() -> Course {
        Course::new(45 * SECOND, 5 * SECOND, false)
    }

    #[test]
    fn an_open_order_is_reversed_when_the_patience_is_over_and_not_before_15_seconds() {
        for (patience, from) in [(45, 45), (0, 15)] {
            let mut course = course();
            course.patience = patience * SECOND;
            for age in 0..60 {
                let step = course.step(Seen::Open, age * SECOND);
                if age < from {
                    assert_eq!(step, Step::Wait(SECOND * (from - age).min(5)), "{age}");
                } else {
                    assert_eq!(step, Step::Reverse, "{age}");
                }
            }
        }
        // After a refusal nobody types a password.
        let mut refused = course();
        refused.is_refused = true;
        assert_eq!(refused.step(Seen::Open, 15 * SECOND), Step::Reverse);
    }

    #[test]
    fn an_order_that_may_be_reversed_is_not_paid_any_more() {
        let mut course = course();
        course.may_be_reversed = true;
        course.reversed_at = Some(45 * SECOND);
        assert_eq!(course.step(Seen::Paid, 46 * SECOND), Step::Wait(4 * SECOND));
        assert_eq!(course.step(Seen::Paid, 50 * SECOND), Step::Reverse);
        let over = Step::Over(Over::Reversed);
        assert_eq!(course.step(Seen::Refunded, 50 * SECOND), over);
        course.may_be_reversed = false;
        assert_eq!(course.step(Seen::Refunded, 50 * SECOND), Step::Mismatch);
        assert_eq!(course.step(Seen::Paid, 50 * SECOND), Step::Paid);
    }

    #[test]
    fn a_payment_found_after_an_earlier_run_is_looked_at_twice() {
        let mut course = course();
        course.is_resumed = true;
        for seen in [Seen::Paid, Seen::Unclear, Seen::Paid] {
            assert_eq!(course.step(seen, SECOND), Step::Wait(5 * SECOND));
        }
        assert_eq!(course.step(Seen::Paid, SECOND), Step::Paid);
    }

    #[test]
    fn an_order_that_nobody_knows_is_given_up_after_a_minute_and_a_reversal() {
        let mut course = course();
        assert_eq!(course.step(Seen::Missing, 59 * SECOND), Step::Wait(SECOND));
        assert_eq!(course.step(Seen::Missing, 60 * SECOND), Step::Reverse);
        course.reversed_at = Some(60 * SECOND);
        // It was lost.
        assert_eq!(course.step(Seen::Missing, 60 * SECOND), Step::Wait(5 * SECOND));
        course.is_answered = true;
        let over = Step::Over(Over::NeverArrived);
        assert_eq!(course.step(Seen::Missing, 65 * SECOND), over);
        course.is_refused = true;
        assert_eq!(course.step(Seen::Missing, SECOND), Step::Over(Over::Refused));
    }
}

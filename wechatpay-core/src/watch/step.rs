//! Decision after a look.

use std::{borrow::Cow, time::Duration};

use super::{End, PendingKind, Phase, Schedule, Taken};

/// Result of a look.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Found {
    /// The order may still be paid, or the rest is in progress.
    Open,
    /// The platform does not know the number.
    Missing,
    /// It has an end, and the application's handler took it, now or before.
    Applied(End),
    /// It has an end, and the handler failed.
    NotApplied(String),
    /// The query failed.
    NoAnswer(String),
    /// The order was closed, at our request.
    Closed,
    /// The order was not closed, or nobody knows.
    NotClosed(String),
}

/// Next step of a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Look again after this time.
    Look {
        /// Time to the look.
        after: Duration,
        /// Phase until then.
        phase: Phase,
        /// Result of this look in words.
        note: Option<Cow<'static, str>>,
    },
    /// Close the order, then decide again.
    Close,
    /// End the watch.
    End {
        /// The end.
        end: End,
        /// Reason in words.
        note: Option<Cow<'static, str>>,
    },
}

/// Note of an order that the platform never learned of.
const NEVER_PLACED: &str =
    "the platform does not know the order: it was never placed, or only as a part of a combined order";
/// Note of anything else that the platform never learned of.
const NEVER_ACCEPTED: &str = "the platform does not know the number: it was never accepted";
/// Note of a transfer that the platform does not know.
const UNKNOWN_TRANSFER: &str = "the platform does not know the transfer: it was never accepted, or it is older than the 30 days for which queries are answered; do not send it under another number";
/// Note of anything but an order that does not end.
const STILL_IN_PROGRESS: &str = "it is still in progress";
/// Note of an end that the handler took, and that the platform does not resolve.
const STUCK: &str = "it is at an end that the platform does not resolve: an abnormal refund, or a combined order paid in part";

/// Returns the note of an order that a bill has and that no query finds.
fn only_in_bill(payment: &str) -> String {
    format!(
        "a bill has the payment {payment}, but the platform knows no single order of this number: it is a \
         sub-order of a combined order, or another merchant called. Find the combine_out_trade_no in your records, recheck \
         Pending::combined, and give up this number"
    )
}

/// Decides the next step after a look.
///
/// The rules:
/// 1. An end that the handler took is the end.
/// 2. An order that may still be paid is looked at by the schedule until its lifetime is over, and is then closed, but
///    not before [`Schedule::close_from`].
/// 3. A closed order is looked at once more, because the payer may have paid in that moment.
/// 4. A look that failed is repeated soon, see [`Schedule::retry`]. [`Schedule::grace`] after its lifetime a person must
///    look.
/// 5. An order that the platform does not know when its time is over was never placed and ends as closed. One that a
///    bill has is a sub-order of a combined order, and needs a look at once.
/// 6. Anything but an order needs a look if it has no end when its lifetime is over.
#[must_use]
pub fn step(taken: &Taken, found: Found, schedule: &Schedule) -> Step {
    let (age, lifetime) = (taken.age, taken.pending.lifetime);
    let is_order = taken.pending.key.kind().is_order();
    let in_bill = taken.pending.parent.as_deref().filter(|_| is_order);
    let is_over = age >= lifetime;
    let is_hopeless = age >= lifetime.saturating_add(schedule.grace());
    let close_at = lifetime.max(schedule.close_from());
    let look_after = |pause: Duration, note: Option<Cow<'static, str>>| {
        // The look at which the order is closed comes in time.
        let to_close = close_at.checked_sub(age).filter(|left| !left.is_zero());
        Step::Look {
            after: to_close.map_or(pause, |left| pause.min(left)),
            phase: Phase::Watching,
            note,
        }
    };
    let look = |note| look_after(schedule.next(age), note);
    let needs_look = |note: Cow<'static, str>| Step::End {
        end: End::NeedsLook,
        note: Some(note),
    };
    match found {
        Found::Applied(End::NeedsLook) => needs_look(STUCK.into()),
        Found::Applied(end) => Step::End { end, note: None },
        Found::Open if !is_order && is_over => needs_look(STILL_IN_PROGRESS.into()),
        Found::Open if is_order && age >= close_at => Step::Close,
        Found::Open => look(None),
        Found::Missing if in_bill.is_some() => needs_look(only_in_bill(in_bill.unwrap_or_default()).into()),
        Found::Missing if !is_order && is_over => needs_look(match taken.pending.key.kind() {
            PendingKind::Transfer | PendingKind::EcommerceTransfer => UNKNOWN_TRANSFER.into(),
            _ => NEVER_ACCEPTED.into(),
        }),
        Found::Missing if age >= close_at => Step::End {
            end: End::Closed,
            note: Some(NEVER_PLACED.into()),
        },
        Found::Missing => look(Some("the platform does not know the number (yet)".into())),
        Found::Closed => Step::Look {
            after: schedule.after_closing(),
            phase: Phase::Closing,
            note: None,
        },
        Found::NotApplied(reason) | Found::NoAnswer(reason) | Found::NotClosed(reason) => {
            let note = Cow::Owned(reason);
            if is_hopeless {
                needs_look(note)
            } else {
                look_after(schedule.retry(age), Some(note))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{idempotency::Fence, watch::Pending};

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(pending: Pending, age: Duration) -> Taken {
        Taken::new(pending, Fence::FIRST, Phase::Watching, 1, age)
    }

    fn order(lifetime: Duration) -> Pending {
        Pending::order("1900000001".parse().unwrap(), &"ORDER-1".parse().unwrap()).lifetime(lifetime)
    }

    fn refund() -> Pending {
        Pending::refund("1900000001".parse().unwrap(), None, &"R-1".parse().unwrap()).lifetime(HOUR)
    }

    #[test]
    fn an_order_is_closed_when_its_time_is_over_and_not_before_five_minutes() {
        let schedule = Schedule::default();
        let (minute, mut age, mut ages) = (Duration::from_secs(60), schedule.first(), Vec::new());
        loop {
            ages.push(age.as_secs());
            match step(&at(order(minute), age), Found::Open, &schedule) {
                Step::Look { after, .. } => age += after,
                Step::Close => break,
                end @ Step::End { .. } => panic!("{end:?}"),
            }
        }
        assert_eq!(ages, [5, 30, 60, 180, 300]);
        // A longer one is closed at its own time, between two looks of the schedule.
        let Step::Look { after, .. } = step(&at(order(HOUR), HOUR / 2), Found::Open, &schedule) else {
            panic!("not looked at again");
        };
        assert_eq!(after, HOUR / 2);
    }

    #[test]
    fn failures_are_tried_again_until_a_person_must_look() {
        let schedule = Schedule::default();
        let failed = || {
            [
                Found::NoAnswer("down".into()),
                Found::NotApplied("no".into()),
                Found::NotClosed("?".into()),
            ]
        };
        for found in failed() {
            assert!(matches!(
                step(&at(order(HOUR), HOUR * 2), found, &schedule),
                Step::Look { note: Some(_), .. }
            ));
        }
        for found in failed() {
            let end = step(&at(order(HOUR), HOUR * 25), found, &schedule);
            assert!(matches!(
                end,
                Step::End {
                    end: End::NeedsLook,
                    note: Some(_)
                }
            ));
        }
    }

    #[test]
    fn a_number_that_the_platform_never_learns_of_has_an_end() {
        let schedule = Schedule::default();
        let missing = |pending: Pending, age| step(&at(pending, age), Found::Missing, &schedule);
        assert!(matches!(missing(order(HOUR), HOUR / 2), Step::Look { .. }));
        assert!(matches!(
            missing(order(HOUR), HOUR),
            Step::End { end: End::Closed, .. }
        ));
        assert!(matches!(missing(refund(), HOUR / 2), Step::Look { .. }));
        assert!(matches!(
            missing(refund(), HOUR),
            Step::End {
                end: End::NeedsLook,
                ..
            }
        ));
        let share = Pending::ecommerce_share(
            "1900000001".parse().unwrap(),
            "1900000109".parse().unwrap(),
            &"4200001".parse().unwrap(),
            &"S-1".parse().unwrap(),
        );
        for slow in [refund(), share.lifetime(HOUR)] {
            assert!(matches!(
                step(&at(slow.clone(), HOUR / 2), Found::Open, &schedule),
                Step::Look { .. }
            ));
            assert!(matches!(
                step(&at(slow, HOUR), Found::Open, &schedule),
                Step::End {
                    end: End::NeedsLook,
                    ..
                }
            ));
        }
    }

    #[test]
    fn an_order_that_a_bill_has_and_no_query_finds_needs_a_look_at_once() {
        let payment = "4200001".parse().unwrap();
        let found = step(
            &at(order(HOUR).in_bill(&payment), Duration::ZERO),
            Found::Missing,
            &Schedule::default(),
        );
        let Step::End {
            end: End::NeedsLook,
            note: Some(note),
        } = found
        else {
            panic!("{found:?}");
        };
        assert!(note.contains("payment 4200001") && note.contains("Pending::combined"));
    }

    #[test]
    fn an_end_that_the_platform_does_not_resolve_has_a_note() {
        let end = |end| step(&at(order(HOUR), HOUR), Found::Applied(end), &Schedule::default());
        assert!(matches!(end(End::NeedsLook), Step::End { note: Some(_), .. }));
        for known in End::ALL.into_iter().filter(|known| *known != End::NeedsLook) {
            assert_eq!(
                end(known),
                Step::End {
                    end: known,
                    note: None
                }
            );
        }
    }
}

//! Times of the looks.

use std::time::Duration;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Ages at which an order or a refund is looked at.
const AGES: [Duration; 7] = [
    seconds(5),
    seconds(30),
    seconds(60),
    seconds(3 * 60),
    seconds(5 * 60),
    seconds(10 * 60),
    seconds(30 * 60),
];
/// Pause between two looks after those.
const THEN: Duration = seconds(3600);
/// Shortest pause before a failed look is repeated.
const RETRY: Duration = seconds(60);
/// Part of the age that this pause grows with.
const RETRY_PART: u32 = 12;
/// Youngest age at which an order is closed. The platform asks for it.
const CLOSE_FROM: Duration = seconds(5 * 60);
/// Pause between closing an order and looking at it once more.
const AFTER_CLOSING: Duration = seconds(10);
/// Time beyond the lifetime after which a person must look.
const GRACE: Duration = seconds(24 * 3600);

/// Schedule of the looks.
///
/// They come after 5 s, 30 s, 1, 3, 5, 10 and 30 min, then hourly.
///
/// An order that is paid in its first five seconds is not queried if its notification comes in them. One that is never
/// paid costs 7 queries in the first half hour, and 24 a day from then on.
///
/// A look that failed is repeated earlier: after a minute, or a twelfth of the age if that is longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    faster: u32,
}

impl Default for Schedule {
    fn default() -> Self {
        Self { faster: 1 }
    }
}

impl Schedule {
    /// Divides every time of the schedule, for tests and demonstrations. Zero counts as one.
    #[must_use]
    pub fn faster(mut self, times: u32) -> Self {
        self.faster = times.max(1);
        self
    }

    fn scaled(&self, duration: Duration) -> Duration {
        duration.checked_div(self.faster).unwrap_or(duration)
    }

    /// Returns the time from the registration to the first look.
    #[must_use]
    pub fn first(&self) -> Duration {
        let [first, ..] = AGES;
        self.scaled(first)
    }

    /// Returns the time to the next look at something of this age.
    #[must_use]
    pub fn next(&self, age: Duration) -> Duration {
        let ages = AGES.into_iter().map(|age| self.scaled(age));
        let mut later = ages.filter(|at| *at > age);
        later
            .next()
            .map_or(self.scaled(THEN), |at| at.saturating_sub(age))
    }

    /// Returns the time to the next look after one that failed.
    ///
    /// The payment may be known and only the application's store was busy, so it does not wait for an hour.
    #[must_use]
    pub fn retry(&self, age: Duration) -> Duration {
        let part = age.checked_div(RETRY_PART).unwrap_or_default();
        self.next(age).min(part.max(self.scaled(RETRY)))
    }

    /// Returns the youngest age at which an order is closed.
    #[must_use]
    pub fn close_from(&self) -> Duration {
        self.scaled(CLOSE_FROM)
    }

    /// Returns the time between closing an order and the look after it.
    #[must_use]
    pub fn after_closing(&self) -> Duration {
        self.scaled(AFTER_CLOSING)
    }

    /// Returns the time beyond the lifetime after which a person must look.
    #[must_use]
    pub fn grace(&self) -> Duration {
        self.scaled(GRACE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_failed_is_repeated_soon() {
        let schedule = Schedule::default();
        let retry = |age| schedule.retry(seconds(age)).as_secs();
        // At its age, after a minute, a twelfth of the age later, and at most hourly.
        assert_eq!(
            (retry(5), retry(1800), retry(7200), retry(86400)),
            (25, 150, 600, 3600)
        );
        assert_eq!((retry(61), retry(600)), (60, 60));
    }

    #[test]
    fn looks_come_at_their_ages_and_then_hourly() {
        let schedule = Schedule::default();
        let (mut age, mut ages) = (schedule.first(), Vec::new());
        for _ in 0..10 {
            ages.push(age.as_secs());
            age += schedule.next(age);
        }
        assert_eq!(ages, [5, 30, 60, 180, 300, 600, 1800, 5400, 9000, 12600]);
        assert_eq!(schedule.next(Duration::from_secs(7)), Duration::from_secs(23));
        let fast = schedule.faster(60);
        assert_eq!(
            (fast.next(fast.first()), fast.close_from()),
            (Duration::from_nanos(416_666_667), Duration::from_secs(5))
        );
        assert_eq!(schedule.faster(0), schedule);
    }
}

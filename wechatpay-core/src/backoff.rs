//! Exponential backoff with jitter.
//!
//! ```
//! use std::time::Duration;
//! use wechatpay_core::backoff::{Backoff, Jitter};
//!
//! let backoff = Backoff::new(Duration::from_secs(5), Duration::from_secs(60));
//! let pauses: Vec<u64> = (1..=5).map(|failed| backoff.pause(failed).as_secs()).collect();
//! assert_eq!(pauses, [5, 10, 20, 40, 60]);
//!
//! let pause = Jitter::percent(80, 120).spread(backoff.pause(1));
//! assert!(pause >= Duration::from_secs(4) && pause <= Duration::from_secs(6));
//! ```

use std::time::Duration;

/// Pauses that double from a first one up to a longest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
}

impl Backoff {
    /// Starts at `first` and never exceeds `longest`.
    #[must_use]
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest }
    }

    /// Multiplies the first pause by `factor`. The longest pause stays.
    #[must_use]
    pub const fn slower(self, factor: u32) -> Self {
        Self {
            first: self.first.saturating_mul(factor),
            longest: self.longest,
        }
    }

    /// Returns the pause after `failed` attempts in a row, without jitter.
    #[must_use]
    pub fn pause(self, failed: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failed.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.longest)
    }
}

/// Range of a random factor that spreads the retries of many clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter {
    least: u32,
    most: u32,
}

impl Jitter {
    /// Creates a range between `least` and `most` per cent of a duration.
    #[must_use]
    pub const fn percent(least: u32, most: u32) -> Self {
        Self { least, most }
    }

    /// Returns a random duration within the range.
    #[must_use]
    pub fn spread(self, duration: Duration) -> Duration {
        self.at(duration, random_fraction())
    }

    /// Returns the duration at `fraction` of the range.
    ///
    /// 0 is the least, 1 the most. A number outside 0 to 1 counts as 1.
    #[must_use]
    pub fn at(self, duration: Duration, fraction: f64) -> Duration {
        let fraction = if (0.0..=1.0).contains(&fraction) {
            fraction
        } else {
            1.0
        };
        let (least, most) = (f64::from(self.least), f64::from(self.most));
        let percent = least + (most - least) * fraction;
        // Beyond what a duration can hold it stays as it is.
        Duration::try_from_secs_f64(duration.as_secs_f64() * percent / 100.0).unwrap_or(duration)
    }
}

/// Returns a random number between 0 and 1.
///
/// Not for secrets. Returns 0.5 if the operating system has no random numbers.
#[must_use]
pub fn random_fraction() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_double_up_to_the_longest() {
        let backoff = Backoff::new(SECOND * 5, SECOND * 60);
        let pauses: Vec<u64> = (0..7).map(|failed| backoff.pause(failed).as_secs()).collect();
        assert_eq!(pauses, [5, 5, 10, 20, 40, 60, 60]);
        let slower: Vec<u64> = (1..5)
            .map(|failed| backoff.slower(3).pause(failed).as_secs())
            .collect();
        assert_eq!(slower, [15, 30, 60, 60]);
        assert_eq!(backoff.slower(u32::MAX).pause(u32::MAX), SECOND * 60);
        assert_eq!(
            Backoff::new(Duration::MAX, Duration::MAX).pause(u32::MAX),
            Duration::MAX
        );
        assert_eq!(
            Backoff::new(Duration::ZERO, SECOND).pause(u32::MAX),
            Duration::ZERO
        );
        assert_eq!(
            Backoff::new(SECOND * 2, SECOND).pause(1),
            SECOND,
            "the longest holds for the first too"
        );
    }

    #[test]
    fn a_fraction_selects_a_value_in_the_range() {
        let jitter = Jitter::percent(80, 120);
        let at = |fraction| jitter.at(SECOND, fraction).as_millis();
        assert_eq!([at(0.0), at(0.25), at(0.5), at(1.0)], [800, 900, 1000, 1200]);
        for no_fraction in [f64::NAN, -1.0, 2.0, f64::INFINITY] {
            assert_eq!(at(no_fraction), 1200);
        }
        assert_eq!(jitter.at(Duration::ZERO, 1.0), Duration::ZERO);
        assert_eq!(jitter.at(Duration::MAX, 1.0), Duration::MAX);
    }

    #[test]
    fn random_values_stay_in_the_range_and_vary() {
        let spread: Vec<_> = (0..1000)
            .map(|_| Jitter::percent(80, 120).spread(SECOND * 100))
            .collect();
        assert!(spread.iter().all(|pause| (80..=120).contains(&pause.as_secs())));
        assert!(spread.iter().any(|pause| *pause < SECOND * 100));
        assert!(spread.iter().any(|pause| *pause > SECOND * 100));
    }
}

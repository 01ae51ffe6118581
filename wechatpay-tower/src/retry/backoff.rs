//! Pauses between attempts.

use std::{fmt, sync::Arc, time::Duration};

use wechatpay_core::backoff::{Backoff, Jitter, random_fraction};

/// First pause: an overloaded gateway often recovers within a fraction of a second.
const FIRST: Duration = Duration::from_millis(200);
/// Longest pause: a longer one would use up the deadline of a call.
const LONGEST: Duration = Duration::from_secs(5);
/// Factor of the pauses after a 429.
const THROTTLED: u32 = 5;
/// Jitter: a pause takes between half and all of its length.
const JITTER: Jitter = Jitter::percent(50, 100);

/// Backoff between the attempts of a call, and the source of its jitter.
#[derive(Clone)]
pub(super) struct Pauses {
    pub(super) backoff: Backoff,
    pub(super) fraction: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            backoff: Backoff::new(FIRST, LONGEST),
            fraction: Arc::new(random_fraction),
        }
    }
}

impl Pauses {
    /// Returns the pause after `failed` attempts, which is at least one.
    pub(super) fn pause(&self, failed: u32, throttled: bool) -> Duration {
        let backoff = if throttled {
            self.backoff.slower(THROTTLED)
        } else {
            self.backoff
        };
        JITTER.at(backoff.pause(failed), (self.fraction)())
    }
}

impl fmt::Debug for Pauses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.backoff.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(fraction: f64) -> Pauses {
        Pauses {
            fraction: Arc::new(move || fraction),
            ..Pauses::default()
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let whole: Vec<_> = (1..8)
            .map(|failed| with(1.0).pause(failed, false).as_millis())
            .collect();
        assert_eq!(whole, [200, 400, 800, 1600, 3200, 5000, 5000]);
        let half: Vec<_> = (1..4)
            .map(|failed| with(0.0).pause(failed, false).as_millis())
            .collect();
        assert_eq!(half, [100, 200, 400]);
        assert_eq!(with(1.0).pause(1, true).as_millis(), 1000);
        assert_eq!(with(1.0).pause(u32::MAX, true).as_millis(), 5000);
    }

    #[test]
    fn an_invalid_jitter_leaves_the_whole_pause() {
        for fraction in [f64::NAN, -1.0, 2.0, f64::INFINITY] {
            assert_eq!(with(fraction).pause(1, false).as_millis(), 200);
        }
    }

    #[test]
    fn the_default_jitter_varies_between_half_and_whole() {
        let drawn: Vec<_> = (0..100)
            .map(|_| Pauses::default().pause(1, false).as_millis())
            .collect();
        assert!(drawn.iter().all(|pause| (100..=200).contains(pause)));
        assert!(drawn.iter().any(|pause| *pause < 150) && drawn.iter().any(|pause| *pause > 150));
    }
}

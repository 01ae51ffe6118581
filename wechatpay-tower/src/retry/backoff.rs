//! How long to wait.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    sync::Arc,
    time::Duration,
};

/// The first pause. An overloaded gateway is often well again after a fraction of a second.
const FIRST: Duration = Duration::from_millis(200);
/// The longest pause; more would use up the deadline of a call.
const LONGEST: Duration = Duration::from_secs(5);
/// Whoever is told to slow down waits this many times as long.
const THROTTLED: u32 = 5;

/// Pauses that double, each somewhere between its half and its whole.
#[derive(Clone)]
pub(super) struct Backoff {
    pub(super) first: Duration,
    pub(super) longest: Duration,
    pub(super) jitter: Arc<dyn Fn() -> f64 + Send + Sync>,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: FIRST,
            longest: LONGEST,
            jitter: Arc::new(random),
        }
    }
}

impl Backoff {
    /// The pause after `failed` attempts, of which there was at least one.
    pub(super) fn pause(&self, failed: u32, throttled: bool) -> Duration {
        let doublings = failed.saturating_sub(1).min(16);
        let whole = self
            .first
            .saturating_mul(if throttled { THROTTLED } else { 1 })
            .saturating_mul(1 << doublings)
            .min(self.longest);
        let jitter = (self.jitter)();
        // What is no fraction counts as the whole.
        let jitter = if (0.0..=1.0).contains(&jitter) {
            jitter
        } else {
            1.0
        };
        whole.mul_f64(0.5 + jitter / 2.0)
    }
}

/// A number between 0 and 1, good enough to keep clients from marching in step: the keys of a hash map are random.
fn random() -> f64 {
    let bits = RandomState::new().hash_one(0_u8);
    f64::from(u32::try_from(bits >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

impl fmt::Debug for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backoff")
            .field("first", &self.first)
            .field("longest", &self.longest)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(jitter: f64) -> Backoff {
        Backoff {
            jitter: Arc::new(move || jitter),
            ..Backoff::default()
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
    fn a_jitter_that_is_none_is_the_whole_pause() {
        for jitter in [f64::NAN, -1.0, 2.0, f64::INFINITY] {
            assert_eq!(with(jitter).pause(1, false).as_millis(), 200);
        }
    }

    #[test]
    fn the_random_jitter_is_a_fraction_and_varies() {
        let drawn: Vec<_> = (0..100).map(|_| random()).collect();
        assert!(drawn.iter().all(|jitter| (0.0..=1.0).contains(jitter)));
        assert!(drawn.iter().any(|jitter| *jitter < 0.5) && drawn.iter().any(|jitter| *jitter > 0.5));
    }
}

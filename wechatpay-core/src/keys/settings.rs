//! Times of certificate downloads.

use std::time::Duration;

/// Shortest pause. Anything less would be a busy loop.
const MIN_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause; it bounds the timers.
const MAX_PAUSE: Duration = Duration::from_secs(30 * 24 * 3600);

/// Times of certificate downloads.
///
/// The defaults suit every published rotation schedule. The cache raises every time but
/// [`request_wait`](Self::request_wait) to at least one second and lowers it to at most 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefreshSettings {
    /// Time between two refreshes, with ± 20 % jitter. Default 6 h.
    pub interval: Duration,
    /// Time between two refreshes during the last ten days of validity. Default 1 h.
    pub interval_before_expiry: Duration,
    /// Deadline of one download. Default 10 s.
    pub deadline: Duration,
    /// First pause after a failure; doubled for each further failure. Default 5 s.
    pub backoff_start: Duration,
    /// Longest pause after failures. Default 10 min.
    pub backoff_limit: Duration,
    /// Shortest time between two downloads because of unknown serials. Default 60 s.
    pub on_demand_interval: Duration,
    /// Time that a request waits for a download that its serial started. Default 2 s.
    pub request_wait: Duration,
}

impl RefreshSettings {
    /// Limits the times to the documented bounds.
    pub(super) fn bounded(self) -> Self {
        let pause = |pause: Duration| pause.clamp(MIN_PAUSE, MAX_PAUSE);
        Self {
            interval: pause(self.interval),
            interval_before_expiry: pause(self.interval_before_expiry),
            deadline: pause(self.deadline),
            backoff_start: pause(self.backoff_start),
            backoff_limit: pause(self.backoff_limit),
            on_demand_interval: pause(self.on_demand_interval),
            request_wait: self.request_wait.min(MAX_PAUSE),
        }
    }
}

impl Default for RefreshSettings {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(6 * 3600),
            interval_before_expiry: Duration::from_secs(3600),
            deadline: Duration::from_secs(10),
            backoff_start: Duration::from_secs(5),
            backoff_limit: Duration::from_secs(600),
            on_demand_interval: Duration::from_secs(60),
            request_wait: Duration::from_secs(2),
        }
    }
}

//! The times of downloads.

use std::time::Duration;

/// Less would be a loop that asks without a pause.
const MIN_PAUSE: Duration = Duration::from_secs(1);
/// More than anybody needs, and a bound for the timers below.
const MAX_PAUSE: Duration = Duration::from_secs(30 * 24 * 3600);

/// When certificates are downloaded. The defaults satisfy every published rotation schedule.
///
/// The cache raises every time but [`request_wait`](Self::request_wait) to one second and lowers it to 30 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefreshSettings {
    /// Time between two refreshes; ± 20 % are added so that a fleet does not ask at once. Default 6 h.
    pub interval: Duration,
    /// Time between two refreshes when the newest certificate expires within ten days. Default 1 h.
    pub interval_before_expiry: Duration,
    /// Deadline of one download. Default 10 s.
    pub deadline: Duration,
    /// First pause after a failure; doubled each time. Default 5 s.
    pub backoff_start: Duration,
    /// Longest pause after failures. Default 10 min.
    pub backoff_limit: Duration,
    /// At most one download in this time because of an unknown serial, whoever asks. Default 60 s.
    pub on_demand_interval: Duration,
    /// Sets the time a request waits for a download that its serial caused. Default 2 s.
    pub request_wait: Duration,
}

impl RefreshSettings {
    /// Within the bounds that the type documents.
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

//! When a notification is tried again.

use std::{sync::Arc, time::Duration};

/// Seconds between the attempts of the platform: 15 retries within 24 hours and 4 minutes.
const REAL_SECONDS: [u64; 15] = [
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
];
/// The fast schedule is this many times as fast as the real one.
const FAST: f64 = 60.0;

/// The waits between the attempts to deliver a notification.
///
/// The first attempt is made at once.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_sandbox::RetrySchedule;
///
/// assert_eq!(RetrySchedule::real().delays().len(), 15);
/// assert_eq!(RetrySchedule::real().total(), Duration::from_secs(24 * 3600 + 4 * 60));
/// assert_eq!(RetrySchedule::real().scaled(0.001).delays()[0], Duration::from_millis(15));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrySchedule(Arc<[Duration]>);

impl RetrySchedule {
    /// The platform's.
    #[must_use]
    pub fn real() -> Self {
        Self::custom(REAL_SECONDS.map(Duration::from_secs))
    }

    /// The platform's, sixty times as fast: minutes become seconds.
    #[must_use]
    pub fn fast() -> Self {
        Self::real().scaled(1.0 / FAST)
    }

    /// One attempt, no retry.
    #[must_use]
    pub fn none() -> Self {
        Self::custom([])
    }

    /// These waits.
    #[must_use]
    pub fn custom(delays: impl IntoIterator<Item = Duration>) -> Self {
        Self(delays.into_iter().collect())
    }

    /// Multiplies every wait. An invalid product leaves the wait unchanged.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        let scale =
            |delay: &Duration| Duration::try_from_secs_f64(delay.as_secs_f64() * factor).unwrap_or(*delay);
        Self(self.0.iter().map(scale).collect())
    }

    /// The waits.
    #[must_use]
    pub fn delays(&self) -> &[Duration] {
        &self.0
    }

    /// From the first attempt to the last.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.0.iter().sum()
    }
}

/// The platform's.
impl Default for RetrySchedule {
    fn default() -> Self {
        Self::real()
    }
}

//! Time limits of handling a notification.

use std::time::Duration;

/// Shortest lease. A shorter one would end before it can be renewed.
const MIN_LEASE: Duration = Duration::from_secs(1);
/// Shortest retention.
///
/// The platform retries for 24 h 4 min. A copy that arrives after the record was deleted would be handled again.
const MIN_RETENTION: Duration = Duration::from_secs(48 * 3600);

/// Time limits of handling a notification, the same type for every mode.
///
/// | | with a lease: [`handle`](super::handle), layers | in a transaction | inbox |
/// |---|---|---|---|
/// | [`lease`](Self::lease) | 30 s | not used: the transaction holds the notification | 30 s |
/// | [`deadline`](Self::deadline) | 3 s | 3 s | 60 s |
/// | [`budget`](Self::budget) | 4.5 s | 4.5 s | not used: the platform is not waiting |
/// | [`wait`](Self::wait) | zero | 1 s, which is also the maximum | not used |
/// | [`retention`](Self::retention) | 7 days | 7 days | 7 days |
///
/// ```
/// use std::time::Duration;
/// use wechatpay_core::idempotency::Limits;
///
/// let limits = Limits::default().deadline(Duration::from_secs(2)).retention(Duration::ZERO);
/// assert_eq!(limits.get_retention(), Duration::from_secs(48 * 3600)); // the least that is safe
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    lease: Duration,
    deadline: Option<Duration>,
    budget: Duration,
    retention: Duration,
    wait: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lease: Self::LEASE,
            deadline: None,
            budget: Self::BUDGET,
            retention: Self::RETENTION,
            wait: None,
        }
    }
}

impl Limits {
    /// Default lease.
    ///
    /// Much longer than a short outage, shorter than the platform's third pause of a minute.
    pub const LEASE: Duration = Duration::from_secs(30);
    /// Default deadline of a handler that the platform waits for.
    ///
    /// The platform waits five seconds; the rest is for the store and the response.
    pub const DEADLINE: Duration = Duration::from_secs(3);
    /// Default budget, within the platform's five seconds.
    pub const BUDGET: Duration = Duration::from_millis(4500);
    /// Default retention: a week, so that an operator can look into it.
    pub const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);

    /// Sets the length of the lease, which is renewed at a third of it.
    ///
    /// Defaults to 30 s. Less than 1 s counts as 1 s.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(MIN_LEASE);
        self
    }

    /// Sets the longest time that the handler may take.
    ///
    /// Defaults to 3 s, and to 60 s in an inbox. In a transaction it is also the server's limit for each statement and,
    /// plus one second, for the pauses between statements.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the time for lease, handler and completion together. Defaults to 4.5 s.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Sets the time for which a handled notification is remembered.
    ///
    /// Defaults to 7 days. Less than 48 h counts as 48 h.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention.max(MIN_RETENTION);
        self
    }

    /// Sets the time that a copy waits for one that is being handled.
    ///
    /// Defaults to zero: a copy is rejected with 409 at once and sent again. Most handlers finish quickly, and a copy
    /// that waits is then acknowledged. The time is part of the budget. In a transaction the default and the maximum
    /// are 1 s, and the copy holds no connection while it waits.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }

    /// Returns the length of the lease.
    #[must_use]
    pub fn get_lease(&self) -> Duration {
        self.lease
    }

    /// Returns the deadline of the handler, or `None` for the default of the mode.
    #[must_use]
    pub fn get_deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Returns the time for lease, handler and completion together.
    #[must_use]
    pub fn get_budget(&self) -> Duration {
        self.budget
    }

    /// Returns the time for which a handled notification is remembered.
    #[must_use]
    pub fn get_retention(&self) -> Duration {
        self.retention
    }

    /// Returns the time that a copy waits, or `None` for the default of the mode.
    #[must_use]
    pub fn get_wait(&self) -> Option<Duration> {
        self.wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_fit_into_the_time_that_the_platform_waits() {
        let limits = Limits::default();
        assert!(Limits::DEADLINE < limits.get_budget() && limits.get_budget() < Duration::from_secs(5));
        assert_eq!((limits.get_deadline(), limits.get_wait()), (None, None));
        assert!(limits.get_retention() > MIN_RETENTION && limits.get_lease() > MIN_LEASE);
    }

    #[test]
    fn settings_below_their_minimum_count_as_the_minimum() {
        let limits = Limits::default().lease(Duration::ZERO).retention(Duration::ZERO);
        assert_eq!(
            (limits.get_lease(), limits.get_retention()),
            (MIN_LEASE, MIN_RETENTION)
        );
        let longer = Limits::default().lease(Duration::MAX).retention(Duration::MAX);
        assert_eq!(
            (longer.get_lease(), longer.get_retention()),
            (Duration::MAX, Duration::MAX)
        );
    }
}

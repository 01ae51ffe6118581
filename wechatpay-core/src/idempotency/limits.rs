//! Time limits of handling a notification.

use std::time::Duration;

/// A lease that ends before it can be renewed excludes nobody.
const MIN_LEASE: Duration = Duration::from_secs(1);
/// The platform retries for 24 h 4 min; a copy that comes after we forgot would be handled again.
const MIN_RETENTION: Duration = Duration::from_secs(48 * 3600);

/// Time limits of handling a notification, the same type for every mode.
///
/// | | with a lease: [`handle`](super::handle), layers | in a transaction | inbox |
/// |---|---|---|---|
/// | [`lease`](Self::lease) | 30 s | not used: the transaction holds the notification | 30 s |
/// | [`deadline`](Self::deadline) | 3 s | 3 s | 60 s |
/// | [`budget`](Self::budget) | 4.5 s | 4.5 s | not used: nobody waits |
/// | [`wait`](Self::wait) | zero | 1 s, which is also the most | not used |
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
    /// Default lease: much longer than a hiccup, shorter than the platform's third pause of a minute.
    pub const LEASE: Duration = Duration::from_secs(30);
    /// Default deadline of a handler that the platform waits for.
    ///
    /// The platform waits five seconds; this leaves time for the store and the way back.
    pub const DEADLINE: Duration = Duration::from_secs(3);
    /// Default budget, within the platform's five seconds.
    pub const BUDGET: Duration = Duration::from_millis(4500);
    /// Default retention: a week, so that a person can still see what happened.
    pub const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);

    /// Sets the length of the lease, which is renewed at a third of it.
    ///
    /// Default 30 s; less than 1 s counts as 1 s.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(MIN_LEASE);
        self
    }

    /// Sets the longest time that the handler may take.
    ///
    /// Default 3 s; 60 s in an inbox. In a transaction it is also the server's limit for each statement, and with a second
    /// more for the pauses between statements.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the time for everything: lease, handler and completion. Default 4.5 s.
    #[must_use]
    pub fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// Sets how long a handled notification is remembered. Default 7 days; less than 48 h counts as 48 h.
    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention.max(MIN_RETENTION);
        self
    }

    /// Sets how long a copy waits for one that is being handled.
    ///
    /// Default zero: a copy is refused with 409 at once and sent again. Most handlers are done after a moment, and a copy that
    /// waits is then acknowledged. The time is part of the budget. In a transaction the default is 1 s, and more counts as
    /// 1 s; the copy holds no connection while it waits.
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

    /// Returns the deadline of the handler, or `None` if it was not set and the mode's default holds.
    #[must_use]
    pub fn get_deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// Returns the time for everything.
    #[must_use]
    pub fn get_budget(&self) -> Duration {
        self.budget
    }

    /// Returns how long a handled notification is remembered.
    #[must_use]
    pub fn get_retention(&self) -> Duration {
        self.retention
    }

    /// Returns how long a copy waits, or `None` if it was not set and the mode's default holds.
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

//! How an inbox goes about it.

use std::time::Duration;

use wechatpay_core::idempotency::Limits;

/// Nobody waits for the answer, so that a slow service may be called.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(60);
/// With pauses that double from five seconds to ten minutes, ten attempts take three quarters of an hour.
const DEFAULT_ATTEMPTS: u32 = 10;
/// The table counts them in an `integer`.
const MAX_ATTEMPTS: u32 = 2_147_483_647;
const DEFAULT_FIRST_PAUSE: Duration = Duration::from_secs(5);
const DEFAULT_LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// How late a worker is at worst that was not woken.
const DEFAULT_POLL: Duration = Duration::from_secs(1);
/// Idle workers must leave the database alone now and then.
const MIN_POLL: Duration = Duration::from_millis(10);
/// What a container is given to stop in is often thirty seconds.
const DEFAULT_GRACE: Duration = Duration::from_secs(20);

/// Options of an [`Inbox`](super::Inbox).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxOptions {
    pub(super) limits: Limits,
    pub(super) attempts: u32,
    first_pause: Duration,
    longest_pause: Duration,
    pub(super) poll: Duration,
    pub(super) grace: Duration,
}

impl Default for InboxOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            attempts: DEFAULT_ATTEMPTS,
            first_pause: DEFAULT_FIRST_PAUSE,
            longest_pause: DEFAULT_LONGEST_PAUSE,
            poll: DEFAULT_POLL,
            grace: DEFAULT_GRACE,
        }
    }
}

impl InboxOptions {
    /// Sets lease, deadline and retention. The budget is not used: nobody waits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets after how many attempts a notification is given up. Default 10; none counts as one.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.clamp(1, MAX_ATTEMPTS);
        self
    }

    /// Sets the pause after the first failure, which doubles up to the longest. Default 5 s and 10 min.
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first_pause = first;
        self.longest_pause = longest;
        self
    }

    /// Sets how often an idle worker looks for work. Default 1 s; less than 10 ms counts as 10 ms.
    #[must_use]
    pub fn poll(mut self, poll: Duration) -> Self {
        self.poll = poll.max(MIN_POLL);
        self
    }

    /// Sets how long running handlers may go on after the stop. Default 20 s.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The longest time that a handler may take.
    pub(super) fn deadline(&self) -> Duration {
        self.limits.get_deadline().unwrap_or(DEFAULT_DEADLINE)
    }

    /// The pause after `attempt` attempts.
    pub(super) fn pause(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        self.first_pause
            .saturating_mul(1 << doublings)
            .min(self.longest_pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let options = InboxOptions::default().pauses(Duration::from_secs(5), Duration::from_secs(60));
        let pauses: Vec<u64> = (0..7).map(|attempt| options.pause(attempt).as_secs()).collect();
        assert_eq!(pauses, [5, 5, 10, 20, 40, 60, 60]);
        assert_eq!(options.pause(u32::MAX), Duration::from_secs(60));
    }
}

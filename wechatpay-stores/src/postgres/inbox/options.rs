//! How an inbox goes about it.

use std::time::Duration;

use wechatpay_core::{
    backoff::{Backoff, Jitter},
    idempotency::Limits,
};

/// Nobody waits for the response, so that a slow service may be called.
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

/// A fifth of chance, so that what failed together does not come back together.
const JITTER: Jitter = Jitter::percent(90, 110);

/// Options of an [`Inbox`](super::Inbox).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxOptions {
    pub(super) limits: Limits,
    pub(super) attempts: u32,
    backoff: Backoff,
    pub(super) poll: Duration,
    pub(super) grace: Duration,
}

impl Default for InboxOptions {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            attempts: DEFAULT_ATTEMPTS,
            backoff: Backoff::new(DEFAULT_FIRST_PAUSE, DEFAULT_LONGEST_PAUSE),
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
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Backoff::new(first, longest);
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
        JITTER.spread(self.backoff.pause(attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_differ_by_a_tenth() {
        let options = InboxOptions::default().backoff(Duration::from_secs(50), Duration::from_secs(400));
        for (attempt, seconds) in [
            (0, 50),
            (1, 50),
            (2, 100),
            (3, 200),
            (4, 400),
            (5, 400),
            (u32::MAX, 400),
        ] {
            let pause = options.pause(attempt).as_secs_f64() / f64::from(seconds);
            assert!((0.899..=1.101).contains(&pause), "{attempt}: {pause}");
        }
    }
}

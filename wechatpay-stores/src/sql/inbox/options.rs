//! Options of an inbox.

use std::time::Duration;

use wechatpay_core::{
    backoff::{Backoff, Jitter},
    idempotency::Limits,
};

/// Default deadline of a handler: nobody waits, so it may call slow services.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(60);
/// Default number of attempts, which take 45 minutes in all.
///
/// The pauses between them double from five seconds to ten minutes.
const DEFAULT_ATTEMPTS: u32 = 10;
/// Largest number of attempts: the column is an `integer`.
const MAX_ATTEMPTS: u32 = 2_147_483_647;
const DEFAULT_FIRST_PAUSE: Duration = Duration::from_secs(5);
const DEFAULT_LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// Default pause between two looks of an idle worker that nobody wakes.
const DEFAULT_POLL: Duration = Duration::from_secs(1);
/// Shortest pause between two looks, so that idle workers spare the database.
const MIN_POLL: Duration = Duration::from_millis(10);
/// Default grace period: containers often have thirty seconds to stop.
const DEFAULT_GRACE: Duration = Duration::from_secs(20);

/// Jitter of pauses, so that retries do not arrive together.
const JITTER: Jitter = Jitter::percent(90, 110);

/// Options of an [`SqlInbox`](super::SqlInbox).
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

    /// Sets the number of attempts before a notification is given up. Default: 10.
    ///
    /// Zero counts as one.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.clamp(1, MAX_ATTEMPTS);
        self
    }

    /// Sets the backoff between attempts. Default: 5 s up to 10 min.
    ///
    /// The first pause doubles after each failure, up to the longest.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.backoff = Backoff::new(first, longest);
        self
    }

    /// Sets the polling interval of an idle worker. Default: 1 s.
    ///
    /// Less than 10 ms counts as 10 ms.
    #[must_use]
    pub fn poll(mut self, poll: Duration) -> Self {
        self.poll = poll.max(MIN_POLL);
        self
    }

    /// Sets the time that running handlers have after the stop. Default: 20 s.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Returns the deadline of a handler.
    pub(super) fn deadline(&self) -> Duration {
        self.limits.get_deadline().unwrap_or(DEFAULT_DEADLINE)
    }

    /// Returns the pause after `attempt` attempts.
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

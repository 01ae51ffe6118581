//! What the user decides.

use std::{sync::Arc, time::Duration};

use wechatpay_core::backoff::Backoff;

use super::{RetryBudget, backoff::Pauses};

/// The first attempt and two more.
const DEFAULT_ATTEMPTS: u32 = 3;
/// After this an attempt that may be repeated is given up. The platform responds in less than a second when it is well.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// Repeats that a client has in stock.
const DEFAULT_STOCK: u32 = 20;
/// Per cent of a repeat that a responseed call earns.
const DEFAULT_EARNED: u32 = 20;

/// How often a call is sent, and with what pauses. Which calls may be repeated at all is not up to a policy: see
/// [the module](super).
///
/// Clones share the budget. Give a client a policy of its own unless several should share one.
#[derive(Clone, Debug)]
#[must_use = "give it to the builder of a client"]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    pub(super) attempt_timeout: Duration,
    pub(super) pauses: Pauses,
    pub(super) budget: RetryBudget,
}

impl Default for RetryPolicy {
    /// Three attempts of at most ten seconds, pauses of 0.2 and 0.4 s (1 and 2 s after a 429), and a stock of 20 repeats of
    /// which a responseed call earns a fifth.
    fn default() -> Self {
        Self {
            max_attempts: DEFAULT_ATTEMPTS,
            attempt_timeout: DEFAULT_ATTEMPT_TIMEOUT,
            pauses: Pauses::default(),
            budget: RetryBudget::new(DEFAULT_STOCK, DEFAULT_EARNED),
        }
    }
}

impl RetryPolicy {
    /// Sends each call once. Another host is still asked when there is no connection to the first: nobody has seen the request.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a call is sent at most, the first time included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// After what time an attempt is given up if another may follow. The last one has what is left of the deadline.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The first pause, which doubles with each attempt, and the longest. After a 429 the first is five times as long.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.pauses.backoff = Backoff::new(first, longest);
        self
    }

    /// Where between its half and its whole a pause ends: 0 is the half, 1 the whole. For tests; the default is random.
    pub fn jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.pauses.fraction = Arc::new(jitter);
        self
    }

    /// Repeats that all calls share.
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// How often a call is sent at most.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.max_attempts
    }
}

//! Settings of retries.

use std::{sync::Arc, time::Duration};

use wechatpay_core::backoff::Backoff;

use super::{RetryBudget, backoff::Pauses};

/// Default number of attempts: the first and two retries.
const DEFAULT_ATTEMPTS: u32 = 3;
/// Default timeout of an attempt that may be followed by another one.
///
/// In normal operation the platform responds in less than a second.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// Default stock of retries of a client.
const DEFAULT_STOCK: u32 = 20;
/// Default percentage of a retry that a call with a response earns.
const DEFAULT_EARNED: u32 = 20;

/// Number of attempts of a call, and the pauses between them.
///
/// A policy does not decide which calls may be repeated: see [the module](super).
///
/// Clones share the budget. Give each client its own policy unless several clients should share one.
#[derive(Clone, Debug)]
#[must_use = "give it to the builder of a client"]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    pub(super) attempt_timeout: Duration,
    pub(super) pauses: Pauses,
    pub(super) budget: RetryBudget,
}

impl Default for RetryPolicy {
    /// Returns three attempts, pauses from 0.2 s, and a stock of 20 retries.
    ///
    /// An attempt takes at most 10 s. The pauses are 0.2 and 0.4 s, after a 429 they are 1 and 2 s. A call with a
    /// response earns a fifth of a retry.
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
    /// Sends each call once.
    ///
    /// If no connection could be made, the other host is still tried: the request was not sent.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, the first included. Default: 3.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the timeout of an attempt that another may follow. Default: 10 s.
    ///
    /// The last attempt may use the rest of the deadline.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the first and the longest pause. Default: 0.2 s and 5 s.
    ///
    /// Pauses double with each attempt. After a 429 they are five times as long.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.pauses.backoff = Backoff::new(first, longest);
        self
    }

    /// Sets the source of the jitter, for tests. Default: random.
    ///
    /// 0 makes each pause half as long, 1 leaves its whole length.
    pub fn jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.pauses.fraction = Arc::new(jitter);
        self
    }

    /// Sets the budget that all calls share.
    pub fn budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Returns the maximum number of attempts.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.max_attempts
    }
}

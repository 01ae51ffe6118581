//! Budget of retries, shared by the calls of a client.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// Cost of one retry.
const REPEAT: u32 = 100;

/// Number of retries that a client may still make. Cheap to clone: clones share.
///
/// Each call with a response earns a part of a retry. In normal operation a retry is always left. In an outage the
/// stock is used up once; after that each call is sent once.
#[derive(Clone, Debug)]
pub struct RetryBudget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    left: AtomicU32,
    most: u32,
    earned: u32,
}

impl RetryBudget {
    /// Creates a stock of `repeats`.
    ///
    /// Each call with a response earns `percent` of one.
    #[must_use]
    pub fn new(repeats: u32, percent: u32) -> Self {
        let most = repeats.saturating_mul(REPEAT);
        Self(Arc::new(Inner {
            left: AtomicU32::new(most),
            most,
            earned: percent,
        }))
    }

    /// Returns the number of retries left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.0.left.load(Ordering::Relaxed) / REPEAT
    }

    /// Takes one retry, if one is left.
    pub(super) fn take(&self) -> bool {
        self.0
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(REPEAT)
            })
            .is_ok()
    }

    /// Records a call with a response.
    pub(super) fn earn(&self) {
        let more = |left: u32| Some(left.saturating_add(self.0.earned).min(self.0.most));
        // Never fails: the closure always returns a value.
        let _ = self
            .0
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_used_up_and_earned_back() {
        let budget = RetryBudget::new(2, 50);
        let other = budget.clone();
        assert!(budget.take() && other.take() && !budget.take());
        budget.earn();
        assert!(!budget.take());
        other.earn();
        assert!(budget.take() && !budget.take());
        for _ in 0..100 {
            budget.earn();
        }
        assert_eq!(budget.left(), 2);
    }
}

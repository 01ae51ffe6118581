//! One convention for futures that are polled too often.

/// Panics, as the futures of `std` do when they are polled after completion. To stay pending would be to hang.
#[cold]
#[track_caller]
#[expect(clippy::panic, reason = "the caller broke the contract of Future::poll")]
pub(crate) fn polled_after_completion() -> ! {
    panic!("a future was polled after completion")
}

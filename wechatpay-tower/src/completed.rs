//! One convention for futures that are polled after completion.

/// Panics, as the futures of `std` do when they are polled after completion.
///
/// Staying pending would hang the caller.
#[cold]
#[track_caller]
#[expect(clippy::panic, reason = "the caller broke the contract of Future::poll")]
pub(crate) fn polled_after_completion() -> ! {
    panic!("a future was polled after completion")
}

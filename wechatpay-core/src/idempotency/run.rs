//! Running a handler, for stores that hold the notification in their own way.
//!
//! Such a store uses a transaction or an inbox. [`handle`](super::handle) is built from the same parts.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::{Renewal, StoreError};
use crate::panics::{Panicked, caught};

/// Longest wait that clocks can represent.
const FAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Result of running a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<T, E, I> {
    /// The handler returned a value.
    Done(T),
    /// The handler returned an error.
    Failed(E),
    /// The handler panicked.
    Panicked,
    /// The deadline passed, and the handler was dropped.
    TimedOut,
    /// The other future was ready first, and the handler was dropped.
    Interrupted(I),
}

/// Runs a handler until it ends, panics, is interrupted or reaches its deadline.
///
/// If several are ready at once, the handler comes first, then `interrupt`, then the deadline. Pass
/// [`pending`](std::future::pending) if nothing interrupts.
///
/// # Cancel safety
/// Dropping the future drops the handler.
pub async fn run<T, E, I>(
    handler: impl Future<Output = Result<T, E>>,
    deadline: Instant,
    interrupt: impl Future<Output = I>,
) -> Outcome<T, E, I> {
    let mut handler = pin!(caught(handler));
    let mut interrupt = pin!(interrupt);
    let mut timer = pin!(sleep_until(deadline));
    poll_fn(|cx| {
        if let Poll::Ready(ended) = handler.as_mut().poll(cx) {
            return Poll::Ready(match ended {
                Ok(Ok(value)) => Outcome::Done(value),
                Ok(Err(error)) => Outcome::Failed(error),
                Err(Panicked) => Outcome::Panicked,
            });
        }
        if let Poll::Ready(reason) = interrupt.as_mut().poll(cx) {
            return Poll::Ready(Outcome::Interrupted(reason));
        }
        timer.as_mut().poll(cx).map(|()| Outcome::TimedOut)
    })
    .await
}

/// Renews a lease at a third of its length, and returns when it is lost.
///
/// `held_until` is the end of the lease as granted. If `renew` fails or does not respond, it is retried until the lease
/// has ended by the local clock: a lease is lost early, never late.
pub async fn keep_alive<F>(lease: Duration, mut held_until: Instant, renew: impl Fn() -> F)
where
    F: Future<Output = Result<Renewal, StoreError>>,
{
    let third = lease.checked_div(3).unwrap_or(lease);
    loop {
        sleep(third.min(held_until.saturating_duration_since(Instant::now()))).await;
        let asked = Instant::now();
        match timeout_at(held_until, renew()).await {
            Ok(Ok(Renewal::Renewed)) => held_until = asked.checked_add(lease).unwrap_or(asked),
            Ok(Ok(Renewal::Lost)) => return,
            Ok(Err(_)) | Err(_) => {}
        }
        if Instant::now() >= held_until {
            return;
        }
    }
}

/// Returns the time after `duration`, but at most a year from now.
#[must_use]
pub fn after(duration: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(duration.min(FAR)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use std::{
        cell::Cell,
        future::{pending, ready},
    };

    use super::*;

    const SOON: Duration = Duration::from_millis(100);

    #[tokio::test(start_paused = true)]
    async fn the_handler_comes_before_the_interrupt_and_the_interrupt_before_the_deadline() {
        let (passed, done) = (Instant::now(), async || Ok::<_, ()>("done"));
        assert_eq!(run(done(), passed, ready("stop")).await, Outcome::Done("done"));
        let failed = run(ready(Err::<(), _>("no")), passed, ready("stop")).await;
        assert_eq!(failed, Outcome::Failed("no"));
        let stuck = || pending::<Result<(), ()>>();
        assert_eq!(
            run(stuck(), passed, ready("stop")).await,
            Outcome::Interrupted("stop")
        );
        assert_eq!(
            run(stuck(), after(SOON), pending::<()>()).await,
            Outcome::TimedOut
        );
        assert!((SOON..SOON * 2).contains(&passed.elapsed()));
    }

    #[tokio::test]
    async fn a_panic_is_an_outcome() {
        let handler = async || -> Result<(), ()> { panic!("a handler's own") };
        assert_eq!(
            run(handler(), after(SOON), pending::<()>()).await,
            Outcome::Panicked
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_renewed_at_a_third_and_lost_without_a_response() {
        let (lease, begun, renewals) = (Duration::from_secs(30), Instant::now(), Cell::new(0));
        let renew = || {
            renewals.set(renewals.get() + 1);
            let response = match renewals.get() {
                1 => Ok(Renewal::Renewed),
                _ => Err(StoreError::unavailable("down")),
            };
            ready(response)
        };
        keep_alive(lease, after(lease), renew).await;
        // Renewed after 10 s, and so held until 40 s.
        assert_eq!(begun.elapsed().as_secs(), 40);
        assert!(renewals.get() > 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_that_is_lost_ends_at_once() {
        let (lease, begun) = (Duration::from_secs(30), Instant::now());
        keep_alive(lease, after(lease), || ready(Ok(Renewal::Lost))).await;
        assert_eq!(begun.elapsed().as_secs(), 10);
    }

    #[tokio::test]
    async fn a_moment_beyond_the_clock_is_a_year_away() {
        assert!(after(Duration::MAX) > Instant::now() + FAR / 2);
    }
}

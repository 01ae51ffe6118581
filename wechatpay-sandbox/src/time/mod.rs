//! Time: what o'clock it is here, and what happens when.
//!
//! Everything that is to happen later stands in one agenda. On a running clock it happens when its time has come; on a
//! manual clock when the clock is turned there, one thing after the other, so that two runs are the same.

mod agenda;
mod calendar;
mod driver;
mod handle;
pub(crate) mod span;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;
use wechatpay_core::Clock;

pub(crate) use agenda::{Agenda, Due};
pub(crate) use calendar::{Day, http_date};
pub(crate) use driver::drive;
pub use handle::{ClockError, SandboxClock, Turn};

/// Where a manual clock starts unless it is told: 2026-01-05T09:00:00+08:00, a Monday.
pub(crate) const MANUAL_START: i64 = 1_767_574_800;

const MICROS: u64 = 1_000_000;

/// What makes the time pass.
pub(crate) enum Source {
    /// It passes by itself.
    Running(Instant),
    /// It passes when it is told to.
    Manual(Manual),
}

/// A clock that is turned by hand. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Manual {
    start: i64,
    /// Since the start.
    micros: Arc<AtomicU64>,
}

impl Manual {
    pub(crate) fn new(start: i64) -> Self {
        Self {
            start,
            micros: Arc::default(),
        }
    }

    /// As the core of a client takes it.
    pub(crate) fn clock(&self) -> Clock {
        let own = self.clone();
        Clock::from_fn(move || {
            own.start
                .saturating_add_unsigned(own.micros.load(Ordering::SeqCst) / MICROS)
        })
    }

    /// The moment of an instant; the start, if it is before that.
    pub(crate) fn moment_of(&self, unix_seconds: i64) -> Moment {
        let seconds = u64::try_from(unix_seconds.saturating_sub(self.start)).unwrap_or_default();
        Moment(seconds.saturating_mul(MICROS))
    }

    /// Time never goes back.
    pub(crate) fn turn_to(&self, moment: Moment) {
        self.micros.fetch_max(moment.0, Ordering::SeqCst);
    }
}

/// A point on the sandbox's own scale: microseconds since it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u64);

impl Moment {
    pub(crate) fn after(self, wait: Duration) -> Self {
        Self(
            self.0
                .saturating_add(u64::try_from(wait.as_micros()).unwrap_or(u64::MAX)),
        )
    }

    /// How long until then; nothing, if it is over.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl Source {
    pub(crate) fn running() -> Self {
        Self::Running(Instant::now())
    }

    pub(crate) fn now(&self) -> Moment {
        match self {
            Self::Running(start) => Moment(u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)),
            Self::Manual(manual) => Moment(manual.micros.load(Ordering::SeqCst)),
        }
    }

    pub(crate) fn manual(&self) -> Option<&Manual> {
        match self {
            Self::Running(_) => None,
            Self::Manual(manual) => Some(manual),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_goes_forward_only() {
        let manual = Manual::new(MANUAL_START);
        let clock = manual.clock();
        assert_eq!(clock.now(), MANUAL_START);
        let later = manual.moment_of(MANUAL_START + 90);
        manual.turn_to(later);
        assert_eq!(clock.now(), MANUAL_START + 90);
        manual.turn_to(manual.moment_of(MANUAL_START + 30));
        assert_eq!(clock.now(), MANUAL_START + 90);
        assert_eq!(later.since(manual.moment_of(0)), Duration::from_secs(90));
        assert_eq!(later.after(Duration::MAX), Moment(u64::MAX));
    }
}

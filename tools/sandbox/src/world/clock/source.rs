//! Sources of time: the machine, the machine ahead or accelerated, or manual.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::time::Instant;
use wechatpay_core::Clock;

use crate::world::lock;

/// Default start of a manual clock: 2026-01-05T09:00:00+08:00, a Monday.
pub(crate) const MANUAL_START: i64 = 1_767_574_800;
/// The fastest clock: a day passes within a tenth of a second.
///
/// Beyond that everything would be overdue at once.
const MAX_FACTOR: f64 = 1_000_000.0;

/// A machine's clock that was set right may be so much behind itself.
const SKEW: Duration = Duration::from_secs(60);

const MICROS: i64 = 1_000_000;

/// A source of time.
pub(crate) enum Source {
    /// It passes by itself.
    Running(Instant),
    /// It passes by itself, and may be turned forward.
    Adjustable(Adjustable),
    /// It passes by itself, faster.
    Scaled(Scaled),
    /// It passes when it is told to.
    Manual(Manual),
}

/// A clock that is turned by hand. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Manual {
    /// Unix time.
    micros: Arc<AtomicI64>,
}

impl Manual {
    pub(crate) fn new(unix_seconds: i64) -> Self {
        Self {
            micros: Arc::new(AtomicI64::new(unix_seconds.saturating_mul(MICROS))),
        }
    }

    /// As the core of a client takes it.
    pub(crate) fn clock(&self) -> Clock {
        let own = self.clone();
        Clock::from_fn(move || own.now().0.div_euclid(MICROS))
    }

    fn now(&self) -> Moment {
        Moment(self.micros.load(Ordering::SeqCst))
    }

    /// Sets it, backwards too: another world begins.
    fn set(&self, moment: Moment) {
        self.micros.store(moment.0, Ordering::SeqCst);
    }

    /// Turns it on; time that passes never goes back.
    pub(crate) fn turn_to(&self, moment: Moment) {
        self.micros.fetch_max(moment.0, Ordering::SeqCst);
    }
}

/// The system's time plus an offset. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Adjustable {
    ahead_micros: Arc<AtomicI64>,
}

impl Adjustable {
    /// As the core of a client takes it.
    pub(crate) fn clock(&self) -> Clock {
        let own = self.clone();
        Clock::from_fn(move || own.now().0.div_euclid(MICROS))
    }

    fn now(&self) -> Moment {
        let ahead = self.ahead_micros.load(Ordering::SeqCst);
        Moment(Self::system_micros().saturating_add(ahead))
    }

    /// Sets it to a time, or to the system's if that is later.
    fn set(&self, moment: Moment) {
        let ahead = moment.0.saturating_sub(Self::system_micros());
        self.ahead_micros.store(ahead.max(0), Ordering::SeqCst);
    }

    /// Turns it forward.
    fn turn_to(&self, moment: Moment) {
        let ahead = moment.0.saturating_sub(Self::system_micros());
        self.ahead_micros.fetch_max(ahead, Ordering::SeqCst);
    }

    fn system_micros() -> i64 {
        Timestamp::now().as_microsecond()
    }
}

/// The system's time, so many times as fast. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Scaled {
    factor: f64,
    /// An instant of the machine and the time here, in microseconds of Unix time.
    anchor: Arc<Mutex<(Instant, i64)>>,
}

impl Scaled {
    pub(crate) fn new(factor: f64, unix_seconds: i64) -> Self {
        let anchor = (Instant::now(), unix_seconds.saturating_mul(MICROS));
        Self {
            factor,
            anchor: Arc::new(Mutex::new(anchor)),
        }
    }

    /// Returns true for a valid factor.
    pub(crate) fn is_factor(factor: f64) -> bool {
        (1.0..=MAX_FACTOR).contains(&factor)
    }

    /// As the core of a client takes it.
    pub(crate) fn clock(&self) -> Clock {
        let own = self.clone();
        Clock::from_fn(move || own.now().0.div_euclid(MICROS))
    }

    fn now(&self) -> Moment {
        let (then, micros) = *lock(&self.anchor);
        Moment(micros).after(self.own(then.elapsed()))
    }

    /// Sets it.
    fn set(&self, moment: Moment) {
        *lock(&self.anchor) = (Instant::now(), moment.0);
    }

    /// Duration here of a duration of the machine's clock.
    fn own(&self, span: Duration) -> Duration {
        Duration::try_from_secs_f64(span.as_secs_f64() * self.factor).unwrap_or_default()
    }

    /// Duration by the machine's clock.
    fn real(&self, span: Duration) -> Duration {
        Duration::try_from_secs_f64(span.as_secs_f64() / self.factor).unwrap_or(span)
    }
}

/// A point on the sandbox's own scale, in microseconds.
///
/// It counts Unix time, or the machine's clock since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    pub(crate) fn after(self, wait: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX)),
        )
    }

    /// The beginning of a Unix second, on the scale of an adjustable clock.
    pub(crate) fn of_second(unix_seconds: i64) -> Self {
        Self(unix_seconds.saturating_mul(MICROS))
    }

    /// Duration since an earlier point; zero if that is later.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        let micros = self.0.saturating_sub(earlier.0);
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    }
}

impl Source {
    pub(crate) fn running() -> Self {
        Self::Running(Instant::now())
    }

    pub(crate) fn now(&self) -> Moment {
        match self {
            Self::Running(start) => Moment(0).after(start.elapsed()),
            Self::Adjustable(adjustable) => adjustable.now(),
            Self::Scaled(scaled) => scaled.now(),
            Self::Manual(manual) => manual.now(),
        }
    }

    /// Microseconds of Unix time, and whole seconds where the machine's clock says no more.
    pub(crate) fn unix_micros(&self, clock: &Clock) -> i64 {
        match self {
            Self::Running(_) => Moment::of_second(clock.now()).0,
            Self::Adjustable(_) | Self::Scaled(_) | Self::Manual(_) => self.now().0,
        }
    }

    /// Sets the clock to a snapshot's time if possible. Returns the difference.
    ///
    /// A manual clock stands as in the snapshot; one that runs is never behind the system's time.
    pub(crate) fn catch_up(&self, unix_micros: i64, clock: &Clock) -> Duration {
        let then = Moment(unix_micros);
        match self {
            Self::Manual(manual) => manual.set(then),
            Self::Adjustable(adjustable) => adjustable.set(then),
            Self::Scaled(scaled) if scaled.now() < then => scaled.set(then),
            Self::Running(_) | Self::Scaled(_) => {}
        }
        Moment(self.unix_micros(clock)).since(then)
    }

    /// Returns true if [`catch_up`](Self::catch_up) is possible; the machine's clock is not adjustable.
    pub(crate) fn can_catch_up(&self, unix_micros: i64, clock: &Clock) -> bool {
        match self {
            Self::Manual(_) | Self::Adjustable(_) | Self::Scaled(_) => true,
            Self::Running(_) => Moment::of_second(clock.now()).after(SKEW) >= Moment(unix_micros),
        }
    }

    pub(crate) fn is_manual(&self) -> bool {
        matches!(self, Self::Manual(_))
    }

    /// Returns true if [`turn_to`](Self::turn_to) turns it.
    pub(crate) fn is_adjustable(&self) -> bool {
        matches!(self, Self::Manual(_) | Self::Adjustable(_))
    }

    /// Turns an adjustable clock forward.
    pub(crate) fn turn_to(&self, moment: Moment) {
        match self {
            Self::Manual(manual) => manual.turn_to(moment),
            Self::Adjustable(adjustable) => adjustable.turn_to(moment),
            Self::Running(_) | Self::Scaled(_) => {}
        }
    }

    /// Speed relative to the machine's clock; 0 for a manual clock.
    pub(crate) fn factor(&self) -> f64 {
        match self {
            Self::Running(_) | Self::Adjustable(_) => 1.0,
            Self::Scaled(scaled) => scaled.factor,
            Self::Manual(_) => 0.0,
        }
    }

    /// Duration of a wait by the machine's clock; `None` for a manual clock.
    pub(crate) fn real(&self, span: Duration) -> Option<Duration> {
        match self {
            Self::Running(_) | Self::Adjustable(_) => Some(span),
            Self::Scaled(scaled) => Some(scaled.real(span)),
            Self::Manual(_) => None,
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
        let later = Moment::of_second(MANUAL_START + 90);
        manual.turn_to(later);
        assert_eq!(clock.now(), MANUAL_START + 90);
        manual.turn_to(Moment::of_second(MANUAL_START + 30));
        assert_eq!(clock.now(), MANUAL_START + 90);
        assert_eq!(
            later.since(Moment::of_second(MANUAL_START)),
            Duration::from_secs(90)
        );
        assert_eq!(Moment::of_second(MANUAL_START).since(later), Duration::ZERO);
        assert_eq!(later.after(Duration::MAX), Moment(i64::MAX));
    }

    #[test]
    fn an_adjustable_clock_is_ahead_of_the_system_or_with_it() {
        let source = Source::Adjustable(Adjustable::default());
        let system = Clock::system().now();
        let is_at = |seconds: i64| {
            let since = source.now().since(Moment::of_second(seconds));
            since < Duration::from_secs(5) && source.now() >= Moment::of_second(seconds)
        };
        assert!(is_at(system));
        source.turn_to(Moment::of_second(system + 86_400));
        assert!(is_at(system + 86_400));
        source.turn_to(Moment::of_second(system + 60));
        assert!(is_at(system + 86_400), "it goes forward only");
        let taken = Moment::of_second(system + 7200).0;
        assert!(source.catch_up(taken, &Clock::system()) < Duration::from_secs(5));
        assert!(is_at(system + 7200), "a snapshot brings its own time");
        let taken = Moment::of_second(system - 7200).0;
        let elapsed = source.catch_up(taken, &Clock::system());
        assert!(elapsed >= Duration::from_secs(7200) && is_at(system));
        assert_eq!((source.is_manual(), source.is_adjustable()), (false, true));
    }

    #[test]
    fn a_scaled_clock_makes_minutes_of_seconds() {
        let scaled = Scaled::new(60.0, MANUAL_START);
        assert!(scaled.clock().now() >= MANUAL_START);
        assert_eq!(scaled.own(Duration::from_millis(2500)), Duration::from_secs(150));
        let source = Source::Scaled(scaled);
        assert_eq!(
            source.real(Duration::from_secs(90)),
            Some(Duration::from_millis(1500))
        );
        assert_eq!(source.factor(), 60.0);
    }

    #[test]
    fn a_clock_goes_no_slower_than_the_machine_and_not_too_fast() {
        for factor in [1.0, 1.5, 60.0, 1_000_000.0] {
            assert!(Scaled::is_factor(factor), "{factor}");
        }
        for factor in [
            0.0,
            0.99,
            -60.0,
            1_000_001.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ] {
            assert!(!Scaled::is_factor(factor), "{factor}");
        }
    }
}

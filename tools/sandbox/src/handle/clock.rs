//! The clock as its users see it.

use std::{fmt, sync::Arc, time::Duration};

use tokio::sync::broadcast::error::TryRecvError;
use wechatpay_core::types::DateTime;

use crate::world::clock::{Day, Moment};
use crate::{handle::engine::Engine, journal::Event};

/// The clock of a sandbox, from [`Sandbox::clock`](crate::Sandbox::clock). Cheap to clone.
///
/// A clock from [`manual_clock`](crate::SandboxBuilder::manual_clock) stands still until it is turned. On the way it stops at
/// each scheduled event (a retry of a notification, a settled refund, an expiring order) and continues when that is done,
/// deliveries included. Two runs with the same calls are the same. A receiver of notifications must not turn the clock
/// before its response: the clock waits for it.
///
/// A clock from [`adjustable_clock`](crate::SandboxBuilder::adjustable_clock) is turned in the same way and runs by itself
/// meanwhile.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_sandbox::Sandbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sandbox = Sandbox::builder().manual_clock().start().await?;
/// let clock = sandbox.clock();
/// let start = clock.now();
/// clock.advance(Duration::from_secs(90)).await?;
/// assert_eq!(clock.now(), start + 90);
/// clock.next_day_at("10:05").await?;
/// assert_eq!(clock.yesterday(), "2026-01-05");
///
/// // The system's clock cannot be turned.
/// let sandbox = Sandbox::builder().start().await?;
/// assert!(sandbox.clock().advance(Duration::from_secs(90)).await.is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SandboxClock {
    engine: Arc<Engine>,
}

/// Summary of a turn of the clock.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Turn {
    /// Time before, in Unix seconds.
    pub from: i64,
    /// Time now.
    pub to: i64,
    /// Events meanwhile, the oldest first, at most the newest thousand.
    pub events: Vec<Event>,
}

/// Why a clock was not turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// It goes by itself, with the system's time or faster.
    #[error(
        "the clock goes by itself; start the sandbox with manual_clock() or adjustable_clock() to turn it"
    )]
    Running,
    /// Time does not go back.
    #[error("the clock is past that already")]
    Past,
    /// A time of day is written `10:05`.
    #[error("a time of day is written hh:mm, in Beijing time")]
    TimeOfDay,
    /// The sandbox has stopped, so nothing happens any more.
    #[error("the sandbox has stopped")]
    Stopped,
}

impl SandboxClock {
    /// The clock of an engine.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Unix seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.engine.world.clock.now()
    }

    /// Returns true for a manual clock.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.engine.world.agenda.is_manual()
    }

    /// Returns true for a clock that can be turned forward.
    #[must_use]
    pub fn is_adjustable(&self) -> bool {
        self.engine.world.agenda.is_adjustable()
    }

    /// Speed relative to the system's time.
    ///
    /// 1 for the system clock and an adjustable one, more for a [`scaled_clock`](crate::SandboxBuilder::scaled_clock), 0 for a manual clock.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.engine.world.agenda.factor()
    }

    /// The day in Beijing, `2018-06-08`.
    #[must_use]
    pub fn today(&self) -> String {
        Day::of(self.now()).to_string()
    }

    /// The day before, whose bills are the newest that can be there.
    #[must_use]
    pub fn yesterday(&self) -> String {
        Day::of(self.now()).previous().to_string()
    }

    /// Turns the clock forward, and does what falls due on the way.
    ///
    /// # Errors
    /// [`ClockError::Running`], [`ClockError::Stopped`].
    ///
    /// # Cancel safety
    /// Dropping the future leaves the clock somewhere on the way.
    pub async fn advance(&self, by: Duration) -> Result<Turn, ClockError> {
        self.turn(|now| now.after(by)).await
    }

    /// Turns the clock to an instant, and does what falls due on the way.
    ///
    /// # Errors
    /// [`ClockError::Running`], [`ClockError::Past`], [`ClockError::Stopped`].
    ///
    /// # Cancel safety
    /// As of [`advance`](Self::advance).
    pub async fn advance_to(&self, to: DateTime) -> Result<Turn, ClockError> {
        self.advance_to_second(to.unix_seconds()).await
    }

    /// Turns the clock to a time of the next day in Beijing.
    ///
    /// `next_day_at("10:05")` is when yesterday's bills are there.
    ///
    /// # Errors
    /// [`ClockError::Running`], [`ClockError::TimeOfDay`], [`ClockError::Stopped`].
    ///
    /// # Cancel safety
    /// As of [`advance`](Self::advance).
    pub async fn next_day_at(&self, time: &str) -> Result<Turn, ClockError> {
        let (hour, minute) = time_of_day(time).ok_or(ClockError::TimeOfDay)?;
        let day = Day::of(self.now()).next();
        self.advance_to_second(day.at(hour, minute)).await
    }

    /// Runs everything due, and waits for deliveries under way. Leaves the clock as it is.
    ///
    /// # Errors
    /// [`ClockError::Stopped`].
    ///
    /// # Cancel safety
    /// Dropping the future only ends the waiting.
    pub async fn run_until_idle(&self) -> Result<Turn, ClockError> {
        let turned = Turned::begin(&self.engine);
        self.idle().await?;
        Ok(turned.end(&self.engine))
    }

    async fn advance_to_second(&self, unix_seconds: i64) -> Result<Turn, ClockError> {
        if !self.is_adjustable() {
            return Err(ClockError::Running);
        }
        if unix_seconds < self.now() {
            return Err(ClockError::Past);
        }
        let target = Moment::of_second(unix_seconds);
        self.turn(|now| now.max(target)).await
    }

    async fn turn(&self, target: impl FnOnce(Moment) -> Moment) -> Result<Turn, ClockError> {
        let agenda = &self.engine.world.agenda;
        let source = agenda.source();
        if !source.is_adjustable() {
            return Err(ClockError::Running);
        }
        // Two hands on the clock would skip what is due between them.
        let _hand = self.engine.turning.lock().await;
        let target = target(source.now());
        let turned = Turned::begin(&self.engine);
        loop {
            self.idle().await?;
            match agenda.next_moment() {
                Some(next) if next <= target => {
                    source.turn_to(next);
                    agenda.changed.notify_one();
                }
                _ => break,
            }
        }
        source.turn_to(target);
        // What waited until then waits shorter now.
        agenda.changed.notify_one();
        Ok(turned.end(&self.engine))
    }

    /// Waits until nothing is due.
    async fn idle(&self) -> Result<(), ClockError> {
        let mut stopping = self.engine.stopping.clone();
        let agenda = &self.engine.world.agenda;
        loop {
            // Asked for before the look, so that nothing is missed between the two.
            let settled = agenda.settled.notified();
            tokio::pin!(settled);
            settled.as_mut().enable();
            if agenda.is_idle() {
                return Ok(());
            }
            tokio::select! {
                () = settled => {}
                _ = stopping.wait_for(|stopping| *stopping) => return Err(ClockError::Stopped),
            }
        }
    }
}

impl fmt::Debug for SandboxClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxClock")
            .field("now", &self.now())
            .field("is_manual", &self.is_manual())
            .finish_non_exhaustive()
    }
}

/// Listens while the clock is turned.
struct Turned {
    from: i64,
    events: tokio::sync::broadcast::Receiver<Event>,
}

impl Turned {
    fn begin(engine: &Engine) -> Self {
        Self {
            from: engine.world.clock.now(),
            events: engine.journal.log.subscribe(),
        }
    }

    fn end(mut self, engine: &Engine) -> Turn {
        let mut events = Vec::new();
        loop {
            match self.events.try_recv() {
                Ok(event) => events.push(event),
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        Turn {
            from: self.from,
            to: engine.world.clock.now(),
            events,
        }
    }
}

fn time_of_day(text: &str) -> Option<(i8, i8)> {
    let (hour, minute) = text.split_once(':')?;
    let part = |text: &str, below: i8| {
        let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse()
            .ok()
            .filter(|number: &i8| is_plain && *number < below)
    };
    Some((part(hour, 24)?, part(minute, 60)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_has_four_digits() {
        assert_eq!(time_of_day("10:05"), Some((10, 5)));
        assert_eq!(time_of_day("00:00"), Some((0, 0)));
        for bad in ["", "10", "10:5", "1:05", "24:00", "10:60", "+1:00", "10:05:00"] {
            assert_eq!(time_of_day(bad), None, "{bad}");
        }
    }
}

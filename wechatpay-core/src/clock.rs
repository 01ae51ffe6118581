//! Source of the current time.

use std::{fmt, sync::Arc, time::SystemTime};

/// Source of Unix seconds.
///
/// Everything that compares times takes a clock, so that tests can set the time. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Function(Arc<dyn Fn() -> i64 + Send + Sync>),
}

impl Clock {
    /// Returns the clock of the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// Creates a clock that stands still.
    #[must_use]
    pub fn fixed(unix_seconds: i64) -> Self {
        Self::from_fn(move || unix_seconds)
    }

    /// Creates a clock from a function that returns Unix seconds.
    pub fn from_fn(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Source::Function(Arc::new(now)))
    }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Source::System => match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
                Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
                Err(before) => {
                    i64::try_from(before.duration().as_secs()).map_or(i64::MIN, i64::saturating_neg)
                }
            },
            Source::Function(now) => now(),
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Function(_) => "Clock(function)",
        })
    }
}

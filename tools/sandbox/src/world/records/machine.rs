//! Machine of a kind of records, as data.

use serde_json::Value;

use super::state::{Record, RecordKey};
use crate::world::World;

/// Steps of a kind, and what follows from them.
pub(crate) struct Machine {
    pub(crate) steps: &'static [Step],
    /// Consequences of a new state, for instance a movement of money.
    ///
    /// Called after each step, and for the first state.
    pub(crate) entered: fn(&World, &Record),
    /// States, each with the fact that holds the time at which a record entered it.
    pub(crate) times: &'static [(&'static str, &'static str)],
    /// Consequences of a new state for other records.
    pub(crate) follows: fn(&World, &Record) -> Vec<Follow>,
    /// The notification of a state; `None` if nobody is told.
    pub(crate) notice: fn(&World, &Record) -> Option<Notice>,
}

impl Machine {
    /// With these steps, without money or notifications.
    pub(crate) const fn new(steps: &'static [Step]) -> Self {
        Self {
            steps,
            entered: |_, _| {},
            times: &[],
            follows: |_, _| Vec::new(),
            notice: |_, _| None,
        }
    }

    /// With consequences of a new state.
    pub(crate) const fn entered(self, entered: fn(&World, &Record)) -> Self {
        Self { entered, ..self }
    }

    /// With notifications.
    pub(crate) const fn notice(self, notice: fn(&World, &Record) -> Option<Notice>) -> Self {
        Self { notice, ..self }
    }

    /// With facts that hold times.
    pub(crate) const fn times(self, times: &'static [(&'static str, &'static str)]) -> Self {
        Self { times, ..self }
    }

    /// With consequences for other records.
    pub(crate) const fn follows(self, follows: fn(&World, &Record) -> Vec<Follow>) -> Self {
        Self { follows, ..self }
    }

    /// The step that is allowed from one state to another.
    pub(crate) fn step(&self, from: &str, to: &str) -> Option<&'static Step> {
        self.steps.iter().find(|step| step.from == from && step.to == to)
    }

    /// The step that follows by itself.
    pub(crate) fn next(&self, from: &str) -> Option<&'static Step> {
        self.steps.iter().find(|step| step.from == from && step.by_itself)
    }
}

/// One step from a state to another.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    /// Follows after the delay that refunds have too.
    pub(crate) by_itself: bool,
}

/// A step that somebody takes.
pub(crate) const fn step(from: &'static str, to: &'static str) -> Step {
    Step {
        from,
        to,
        by_itself: false,
    }
}

/// A step that follows by itself, and that somebody may take earlier.
pub(crate) const fn next(from: &'static str, to: &'static str) -> Step {
    Step {
        from,
        to,
        by_itself: true,
    }
}

/// Consequence for another record.
pub(crate) enum Follow {
    /// It is opened.
    Open(Record),
    /// It takes a step, if it may.
    Go {
        key: RecordKey,
        to: String,
        facts: Value,
    },
}

/// Notification of a record.
pub(crate) struct Notice {
    pub(crate) event_type: &'static str,
    /// Type of the resource, and its associated data.
    pub(crate) original_type: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) notify_url: String,
    /// The part that is encrypted.
    pub(crate) resource: Value,
}

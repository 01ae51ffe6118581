//! Typed events, also as one line for people and as JSON.

mod event;
mod json;
mod log;
mod outcome;
mod problem;
mod text;
mod world;

use wechatpay_core::{Clock, types::SerialNumber};

use crate::platform::Platform;

pub use event::{Event, EventKind, KeyChange};
pub(crate) use log::EventLog;
pub use outcome::{AttemptOutcome, SendFailure, TargetError};
pub(crate) use problem::Remedy;
pub use problem::{Hint, Problem};

/// The log of everything that happened, in one order for all.
pub struct Journal {
    /// The events.
    pub log: EventLog,
    clock: Clock,
}

debug_only!(Journal {});

impl Journal {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            log: EventLog::new(),
            clock,
        }
    }

    /// Tells everyone who listens.
    pub(crate) fn tell(&self, kind: EventKind) {
        let event = self.log.tell(self.clock.now(), kind);
        tracing::debug!(target: "wechatpay::sandbox", "{event}");
    }

    /// Signs with a new platform certificate at once, and tells. `None` without certificates.
    pub(crate) fn rotate_now(&self, platform: &Platform) -> Option<SerialNumber> {
        let serial = platform.rotate_now()?;
        self.tell(EventKind::Keys {
            what: KeyChange::Rotated(serial.clone()),
        });
        Some(serial)
    }
}

//! Captured log lines.

use std::{
    fmt::{self, Write as _},
    sync::{Arc, Mutex},
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// Collects each WARN and ERROR line: level, message, then fields.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

/// Log that is captured until it is dropped.
pub(crate) struct Listening {
    log: Log,
    _second: tracing::Dispatch,
    _guard: tracing::subscriber::DefaultGuard,
}

impl std::ops::Deref for Listening {
    type Target = Log;

    fn deref(&self) -> &Log {
        &self.log
    }
}

impl Log {
    /// Captures the log lines of this thread from now on.
    ///
    /// With a single dispatcher, `tracing` caches the interest of the thread that reaches a callsite first, which may
    /// run another test. With two dispatchers it asks both.
    pub(crate) fn listen() -> Listening {
        let log = Self::default();
        let second = tracing::Dispatch::new(Self::default());
        Listening {
            _guard: tracing::subscriber::set_default(log.clone()),
            _second: second,
            log,
        }
    }

    /// Removes and returns the lines so far.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            write!(self.0, " {value:?}").unwrap();
        } else {
            write!(self.0, " {}={value:?}", field.name()).unwrap();
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

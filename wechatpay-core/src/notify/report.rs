//! Counting and logging of rejections, with a rate limit.

use std::{
    error::Error,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    NotificationCounters, NotificationError,
    kind::{Kind, PerKind},
};
use crate::{printable::printable, types::Mchid};

/// Shortest time between two log lines about unverified rejections of one kind.
const QUIET: Duration = Duration::from_secs(60);
/// Longest chain of causes that is logged, in characters.
const MAX_CHAIN: usize = 1000;

/// Counters and log of one receiver or directory.
///
/// Only the platform can send a verified message, so each rejection of one is logged at ERROR. Anybody can send the
/// others, so at most one WARN is logged per kind and minute, with the number of rejections since the last line.
#[derive(Debug, Default)]
pub(super) struct Reporter {
    pub(super) counters: NotificationCounters,
    quiet: PerKind<Mutex<Quiet>>,
}

/// Rejections since the last log line.
#[derive(Debug, Default)]
struct Quiet {
    last_line: Option<Instant>,
    rejected: u64,
}

/// Further facts about a rejected notification.
///
/// Id and kind are visible ASCII of at most 64 characters, and only set for verified notifications.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subject<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) event_type: Option<&'a str>,
    /// Length of the body; 0 if other code has already read it.
    pub(super) body_length: Option<usize>,
}

impl Reporter {
    pub(super) fn rejected(&self, error: &NotificationError, merchant: Option<&Mchid>, subject: Subject<'_>) {
        let kind = Kind::from(error);
        self.counters.rejected(kind);
        let code = kind.code();
        let merchant = merchant.map(tracing::field::display);
        let reason = Chain(error);
        if error.is_alarm() {
            let Subject { id, event_type, .. } = subject;
            tracing::error!(
                target: "wechatpay::notify", code, merchant, id, event_type,
                "a genuine notification was rejected: {reason}"
            );
        } else if let Some(due) = self.due(kind) {
            let Due { count, since } = due;
            if kind == Kind::Probe {
                // Nothing is wrong: the platform tests the verification.
                tracing::info!(target: "wechatpay::notify", code, merchant, count, "{since}: {reason}");
            } else {
                let body_length = subject.body_length;
                tracing::warn!(target: "wechatpay::notify", code, merchant, count, body_length, "{since}: {code}; last: {reason}");
            }
        } else {
            tracing::debug!(target: "wechatpay::notify", code, merchant, "a notification was rejected: {reason}");
        }
    }

    /// Counts one rejection, and returns the log line if one is due.
    fn due(&self, kind: Kind) -> Option<Due> {
        let now = Instant::now();
        let mut quiet = self.quiet.of(kind).lock().unwrap_or_else(PoisonError::into_inner);
        quiet.rejected = quiet.rejected.saturating_add(1);
        let since = quiet.last_line.map(|last| now.saturating_duration_since(last));
        if since.is_some_and(|since| since < QUIET) {
            return None;
        }
        quiet.last_line = Some(now);
        let count = std::mem::take(&mut quiet.rejected);
        Some(Due {
            count,
            since: Since { count, since },
        })
    }
}

struct Due {
    count: u64,
    since: Since,
}

/// Text such as "17 notifications were rejected in the last 61 s".
struct Since {
    count: u64,
    since: Option<Duration>,
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            1 => f.write_str("1 notification was rejected")?,
            count => write!(f, "{count} notifications were rejected")?,
        }
        match self.since {
            Some(since) => write!(f, " in the last {} s", since.as_secs()),
            None => Ok(()),
        }
    }
}

/// An error and its causes on one line, without control characters and of bounded length.
pub(super) struct Chain<'a>(pub(super) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.0.to_string();
        let mut next = self.0.source();
        while let Some(cause) = next {
            let cause_text = cause.to_string();
            // Some errors repeat their cause.
            if !text.ends_with(&cause_text) {
                text.push_str(": ");
                text.push_str(&cause_text);
            }
            next = cause.source();
        }
        f.write_str(&printable(&text, MAX_CHAIN))
    }
}

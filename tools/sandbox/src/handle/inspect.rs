//! Observation of a running sandbox by its handle.

use tokio::sync::broadcast;

use crate::journal::Event;

/// Events from the moment of the call.
#[derive(Debug)]
pub struct Events(pub(crate) broadcast::Receiver<Event>);

impl Events {
    /// The next event; `None` once the sandbox is gone. Who reads slowly misses the oldest.
    ///
    /// # Cancel safety
    /// No event is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            match self.0.recv().await {
                Ok(event) => return Some(event),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

/// Numbers that only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Requests to the gateway.
    pub requests: u64,
    /// Requests among them that were refused for their signature.
    pub refused_signatures: u64,
    /// Calls of `GET /v3/certificates` with a good signature, including 404 responses.
    pub certificate_downloads: u64,
    /// Orders that were placed, repetitions included.
    pub prepays: u64,
    /// Orders that were paid.
    pub payments: u64,
    /// Refunds that were accepted, repetitions not included.
    pub refunds: u64,
    /// Notifications that were sent, probes and retries included.
    pub notification_attempts: u64,
}

/// No notification for the order was acknowledged, in time or at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no notification was acknowledged; attempts so far: {}", outcomes_text(.outcomes))]
pub struct NotAcknowledged {
    pub(crate) outcomes: Vec<String>,
}

impl NotAcknowledged {
    /// Result of each attempt.
    #[must_use]
    pub fn outcomes(&self) -> &[String] {
        &self.outcomes
    }
}

fn outcomes_text(outcomes: &[String]) -> String {
    if outcomes.is_empty() {
        "none".to_owned()
    } else {
        outcomes.join(", ")
    }
}

//! Reasons why an event must come again.

use std::time::Duration;

use http::StatusCode;

use super::StoreError;
use crate::notify::Nack;

/// Reason why a notification must be sent again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdempotencyError<E> {
    /// The lease is held by another handler.
    #[error("the notification is being handled by another task")]
    InProgress {
        /// Time until the lease ends, unless it is renewed.
        remaining: Duration,
    },
    /// The store failed before the handler ran.
    #[error("the lease of the notification could not be acquired")]
    Begin(#[source] StoreError),
    /// The event is known with other facts, or the notification's id with another event.
    ///
    /// The handler did not run. An operator must compare both with the platform's records.
    #[error(
        "the event was handled or begun before with another number or amount, or its notification's id with another event"
    )]
    Contradiction,
    /// The handler failed. Its lease was released.
    #[error("the handler failed")]
    Handler(E),
    /// The handler panicked. Its lease was released.
    #[error("the handler panicked")]
    Panicked,
    /// The handler exceeded the deadline and was dropped. Its lease was released.
    #[error("the handler took longer than {0:?}")]
    TimedOut(Duration),
    /// The lease was lost while the handler ran, or the completion came too late.
    ///
    /// A handler that still ran was dropped.
    #[error("the lease was lost")]
    LeaseLost,
    /// The handler ran, but its completion could not be stored. It will run again.
    #[error("the notification was handled but could not be marked as done")]
    Complete(#[source] StoreError),
}

impl<E> IdempotencyError<E> {
    /// Returns the `Nack` that makes the platform send the notification again.
    pub fn nack(&self) -> Nack {
        match self {
            Self::InProgress { .. } => Nack::in_progress(),
            Self::Contradiction | Self::Handler(_) | Self::Panicked => Nack::failed(),
            Self::Begin(_) | Self::TimedOut(_) | Self::LeaseLost | Self::Complete(_) => Nack::unavailable(),
        }
    }

    /// Returns the status of the `Nack`.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.nack().status()
    }

    /// Returns a stable name of the kind, for metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::InProgress { .. } => "in_progress",
            Self::Begin(_) => "store_unavailable",
            Self::Contradiction => "contradiction",
            Self::Handler(_) => "handler_failed",
            Self::Panicked => "handler_panicked",
            Self::TimedOut(_) => "handler_timeout",
            Self::LeaseLost => "lease_lost",
            Self::Complete(_) => "complete_failed",
        }
    }
}

//! Attempts of one call.

use std::time::Duration;

use http::{Method, Request};
use tokio::time::Instant;
use wechatpay_core::api::Idempotency;

use super::{
    RetryPolicy,
    decision::{Repeat, decide, suspects_host},
};
use crate::{
    Error,
    client::{ApiError, Attempts, CallError, Outcome, UnknownCause},
    failover::UseBackupHost,
};

/// Properties that all attempts of a call share.
#[derive(Clone, Debug)]
pub(crate) struct CallKind {
    pub(crate) method: Method,
    pub(crate) template: &'static str,
    pub(crate) idempotency: Idempotency,
    /// A 202 is a success with the response.
    pub(crate) accepts_202: bool,
}

impl CallKind {
    /// Makes the error of an attempt that failed in a layer or in the transport.
    pub(crate) fn failed(&self, error: Error) -> CallError {
        if error.is_not_sent() {
            CallError::NotSent {
                method: self.method.clone(),
                template: self.template,
                attempts: Attempts::ONE,
                source: error,
            }
        } else {
            self.unusable(error.into())
        }
    }

    /// Makes the error of an attempt without a usable response.
    pub(crate) fn unusable(&self, cause: UnknownCause) -> CallError {
        let (method, template, attempts) = (self.method.clone(), self.template, Attempts::ONE);
        if self.idempotency == Idempotency::Safe {
            CallError::Read {
                method,
                template,
                attempts,
                cause,
            }
        } else {
            CallError::OutcomeUnknown {
                method,
                template,
                attempts,
                cause,
            }
        }
    }

    /// Makes the error of an attempt that the platform refused.
    pub(crate) fn refused(&self, error: Box<ApiError>) -> CallError {
        CallError::Api {
            method: self.method.clone(),
            template: self.template,
            attempts: Attempts::ONE,
            error,
        }
    }
}

/// Counts the attempts of one call and decides about the next one.
#[derive(Debug)]
pub(crate) struct AttemptsLeft<'a> {
    policy: &'a RetryPolicy,
    kind: &'a CallKind,
    deadline: Instant,
    count: u32,
    /// The next attempt goes to the host after the one in use.
    elsewhere: bool,
    /// First failure after which the call may have taken effect.
    unsettled: Option<CallError>,
}

impl<'a> AttemptsLeft<'a> {
    pub(crate) fn new(policy: &'a RetryPolicy, kind: &'a CallKind, deadline: Duration) -> Self {
        let now = Instant::now();
        Self {
            policy,
            kind,
            // A deadline beyond the range of the clock is no deadline.
            deadline: now
                .checked_add(deadline)
                .unwrap_or_else(|| now + Duration::from_secs(u64::from(u32::MAX))),
            count: 0,
            elsewhere: false,
            unsettled: None,
        }
    }

    /// Starts an attempt and returns its timeout.
    pub(crate) fn start<B>(&mut self, request: &mut Request<B>) -> Duration {
        if self.elsewhere {
            request.extensions_mut().insert(UseBackupHost);
        }
        self.count = self.count.saturating_add(1);
        let left = self.deadline.saturating_duration_since(Instant::now());
        // A write that cannot be repeated gets all the remaining time.
        let may_follow = self.count < self.policy.max_attempts && self.kind.idempotency != Idempotency::No;
        if may_follow {
            left.min(self.policy.attempt_timeout)
        } else {
            left
        }
    }

    /// Records that the call succeeded.
    pub(crate) fn succeeded(&self) {
        self.policy.budget.earn();
    }

    /// Waits until the call may be sent again.
    ///
    /// # Errors
    /// Returns the failure of the call if it may not be sent again.
    pub(crate) async fn failed(&mut self, error: CallError) -> Result<(), CallError> {
        let Some(repeat) = decide(self.kind.idempotency, &error) else {
            if error.api().is_some() {
                // A refusal is a response too.
                self.policy.budget.earn();
            }
            return Err(self.give_up(error));
        };
        let pause = self.policy.pauses.pause(self.count, repeat == Repeat::Slowly);
        let in_time = Instant::now()
            .checked_add(pause)
            .is_some_and(|next| next < self.deadline);
        if self.count >= self.policy.max_attempts || !in_time {
            return Err(self.give_up(error));
        }
        if !self.policy.budget.take() {
            tracing::debug!(target: "wechatpay::retry", template = self.kind.template, "no retries left");
            return Err(self.give_up(error));
        }
        tracing::debug!(
            target: "wechatpay::retry",
            template = self.kind.template,
            attempt = self.count,
            pause_ms = pause.as_millis(),
            error = &error as &dyn std::error::Error,
            "sending again"
        );
        // Alternate: the other host may be in a worse state.
        self.elsewhere ^= suspects_host(&error);
        if self.kind.idempotency != Idempotency::Safe
            && self.unsettled.is_none()
            && error.outcome() == Outcome::Unknown
        {
            self.unsettled = Some(error);
        }
        tokio::time::sleep(pause).await;
        Ok(())
    }

    /// Combines the attempts into one error.
    ///
    /// "Not sent" and "refused" hold for the last attempt only, and an earlier one may have taken effect.
    fn give_up(&mut self, error: CallError) -> CallError {
        let attempts = Attempts::new(self.count, self.unsettled.is_some());
        match (self.unsettled.take(), &error) {
            (Some(earlier), CallError::NotSent { .. }) => earlier.with_attempts(attempts),
            _ => error.with_attempts(attempts),
        }
    }
}

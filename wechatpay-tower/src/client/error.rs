//! Errors of a call.

use std::{error::Error as StdError, fmt, time::Duration};

use http::{Method, StatusCode};
use wechatpay_core::{api::EchoMismatch, crypto::EncryptError, verify::JsonError};

use super::ApiError;
use crate::Error;

/// Error of a call without a usable response.
///
/// [`outcome`](Self::outcome) tells its effect. The case that matters for a POST is [`Outcome::Unknown`]: it may have
/// been carried out. Query it by your own number, or repeat the *same* request; never use a new number.
///
/// `Display` writes everything in one line, causes included, so there is no [`source`](StdError::source): `POST
/// /v3/refund/domestic/refunds was refused: 403 NOT_ENOUGH: 余额不足 [Request-ID 08…-268435461]`.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The request could not be built. Nothing was sent.
    Request(&'static str),
    /// A sensitive field could not be encrypted. Nothing was sent.
    Encrypt(EncryptError),
    /// Nothing was sent: the connection failed, or the request could not be signed.
    NotSent {
        /// HTTP method.
        method: Method,
        /// Path with its placeholders.
        template: &'static str,
        /// Number of attempts.
        attempts: Attempts,
        /// Error of the last attempt.
        source: Error,
    },
    /// The platform refused the request.
    Api {
        /// HTTP method.
        method: Method,
        /// Path with its placeholders.
        template: &'static str,
        /// Number of attempts.
        attempts: Attempts,
        /// The error response.
        error: Box<ApiError>,
    },
    /// A read was sent and has no usable response. It has no effect.
    Read {
        /// HTTP method.
        method: Method,
        /// Path with its placeholders.
        template: &'static str,
        /// Number of attempts.
        attempts: Attempts,
        /// Reason.
        cause: UnknownCause,
    },
    /// A write was sent and has no usable response: **it may have taken effect.**
    ///
    /// The response is lost, late or cannot be trusted.
    OutcomeUnknown {
        /// HTTP method.
        method: Method,
        /// Path with its placeholders.
        template: &'static str,
        /// Number of attempts.
        attempts: Attempts,
        /// Reason.
        cause: UnknownCause,
    },
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(reason) => return write!(f, "the request could not be built: {reason}"),
            Self::Encrypt(error) => {
                return write!(f, "a sensitive field could not be encrypted: {}", Chain(error));
            }
            Self::NotSent {
                method,
                template,
                attempts,
                source,
            } => write!(f, "{method} {template} was not sent{attempts}: {}", Chain(source))?,
            Self::Api {
                method,
                template,
                attempts,
                error,
            } => {
                let became = match error.status() {
                    StatusCode::ACCEPTED => "was accepted and is not done",
                    _ => "was refused",
                };
                write!(f, "{method} {template} {became}{attempts}: ")?;
                error.describe(f)?;
            }
            Self::Read {
                method,
                template,
                attempts,
                cause,
            } => write!(f, "{method} {template} failed{attempts}: {}", Chain(cause))?,
            Self::OutcomeUnknown {
                method,
                template,
                attempts,
                cause,
            } => write!(
                f,
                "{method} {template} was sent and its outcome is unknown{attempts}: {}",
                Chain(cause)
            )?,
        }
        if self.attempts().unsettled {
            f.write_str("; an earlier attempt may have taken effect")?;
        }
        if self.attempts().unsettled || matches!(self, Self::OutcomeUnknown { .. }) {
            f.write_str("; query by your own number before anything else")?;
        }
        Ok(())
    }
}

impl StdError for CallError {}

impl From<EncryptError> for CallError {
    fn from(error: EncryptError) -> Self {
        Self::Encrypt(error)
    }
}

/// Writes an error and its causes in one line.
///
/// A cause that the error above it repeats is left out.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !said.contains(&text) {
                write!(f, ": {text}")?;
                said = text;
            }
            cause = error.source();
        }
        Ok(())
    }
}

/// Reason why the response of a call that was sent cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownCause {
    /// The transport failed, or the response does not verify.
    #[error(transparent)]
    Layer(#[from] Error),
    /// No response arrived in time.
    #[error("no response within {0:?}")]
    Timeout(Duration),
    /// The response verifies and is malformed.
    #[error("the response is malformed")]
    Malformed(#[source] JsonError),
    /// The response verifies and belongs to another request.
    #[error(transparent)]
    OtherRequest(#[from] EchoMismatch),
    /// A 2xx without proof.
    ///
    /// It comes only from a transport that is no gateway of the platform.
    #[error("the response carries no proof of its signature")]
    NoProof,
}

/// Number of attempts of a call.
///
/// Hosts that could not be reached before another one do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    count: u32,
    unsettled: bool,
}

impl Attempts {
    pub(crate) const ONE: Self = Self {
        count: 1,
        unsettled: false,
    };

    pub(crate) fn new(count: u32, unsettled: bool) -> Self {
        Self { count, unsettled }
    }

    /// Returns the number of attempts, the first included.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// Returns `true` if an earlier attempt may have taken effect.
    ///
    /// This is independent of the error of the last attempt.
    #[must_use]
    pub fn unsettled(self) -> bool {
        self.unsettled
    }
}

/// Writes the number in brackets, and nothing for one attempt.
impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            0 | 1 => Ok(()),
            count => write!(f, " ({count} attempts)"),
        }
    }
}

/// Effect of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// No effect: it was not sent.
    NotSent,
    /// No effect: the platform refused it, in a signed response.
    Refused,
    /// Unknown: it may have taken effect.
    Unknown,
}

impl CallError {
    /// Returns the effect of the call.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Request(_) | Self::Encrypt(_) => Outcome::NotSent,
            _ if self.attempts().unsettled => Outcome::Unknown,
            Self::NotSent { .. } => Outcome::NotSent,
            // A signed 4xx is final. After a 5xx the platform itself does not know, and an unsigned response may come
            // from anybody. A throttled request is usually not accepted, but a throttled refund may be.
            Self::Api { error, .. }
                if error.is_authentic()
                    && error.status().is_client_error()
                    && error.status() != StatusCode::TOO_MANY_REQUESTS =>
            {
                Outcome::Refused
            }
            Self::Api { .. } | Self::Read { .. } | Self::OutcomeUnknown { .. } => Outcome::Unknown,
        }
    }

    /// Returns the number of attempts.
    #[must_use]
    pub fn attempts(&self) -> Attempts {
        match self {
            Self::Request(_) | Self::Encrypt(_) => Attempts::new(0, false),
            Self::NotSent { attempts, .. }
            | Self::Api { attempts, .. }
            | Self::Read { attempts, .. }
            | Self::OutcomeUnknown { attempts, .. } => *attempts,
        }
    }

    pub(crate) fn with_attempts(mut self, all: Attempts) -> Self {
        match &mut self {
            Self::Request(_) | Self::Encrypt(_) => {}
            Self::NotSent { attempts, .. }
            | Self::Api { attempts, .. }
            | Self::Read { attempts, .. }
            | Self::OutcomeUnknown { attempts, .. } => *attempts = all,
        }
        self
    }

    /// Returns the platform's error response, if there was one.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Returns `true` if the same request may succeed later.
    ///
    /// Repeat a write with the same business number only.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Request(_) | Self::Encrypt(_) => false,
            Self::NotSent { .. } | Self::Read { .. } | Self::OutcomeUnknown { .. } => true,
            Self::Api { error, .. } => error.is_retryable(),
        }
    }
}

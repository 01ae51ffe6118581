//! What can come of a call.

use std::{error::Error as StdError, fmt, time::Duration};

use http::{Method, StatusCode};
use wechatpay_core::{api::EchoMismatch, crypto::EncryptError, verify::JsonError};

use super::ApiError;
use crate::Error;

/// A call did not bring its response.
///
/// [`outcome`](Self::outcome) tells what is known of its effect. For a POST the case that matters is
/// [`Outcome::Unknown`]: it may have been done. Query by your own number, or repeat the *same* request; never take a new
/// number.
///
/// `Display` says everything in one line, causes included, so there is no [`source`](StdError::source):
/// `POST /v3/refund/domestic/refunds was refused: 403 NOT_ENOUGH: 余额不足 [Request-ID 08…-268435461]`.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The request could not be built. Nothing was sent.
    Request(&'static str),
    /// A sensitive field could not be encrypted. Nothing was sent.
    Encrypt(EncryptError),
    /// Nothing was sent: the connection failed, or the request could not be signed.
    NotSent {
        /// The HTTP method.
        method: Method,
        /// The path with its placeholders.
        template: &'static str,
        /// How often it was tried.
        attempts: Attempts,
        /// Why, the last time.
        source: Error,
    },
    /// The platform refused.
    Api {
        /// The HTTP method.
        method: Method,
        /// The path with its placeholders.
        template: &'static str,
        /// How often it was sent.
        attempts: Attempts,
        /// The refusal.
        error: Box<ApiError>,
    },
    /// A reading call failed on the way. Nothing changes by it.
    Read {
        /// The HTTP method.
        method: Method,
        /// The path with its placeholders.
        template: &'static str,
        /// How often it was sent.
        attempts: Attempts,
        /// Why.
        cause: UnknownCause,
    },
    /// A writing call was sent and its response is lost, late, or cannot be trusted: **it may have taken effect.**
    OutcomeUnknown {
        /// The HTTP method.
        method: Method,
        /// The path with its placeholders.
        template: &'static str,
        /// How often it was sent.
        attempts: Attempts,
        /// Why.
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

/// An error and its causes in one line. A cause that the error above it has said already is left out.
struct Chain<'a>(&'a (dyn StdError + 'static));

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

/// Why the response of a call that was sent cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownCause {
    /// The transport failed, or the response does not verify.
    #[error(transparent)]
    Layer(#[from] Error),
    /// No response in time.
    #[error("no response within {0:?}")]
    Timeout(Duration),
    /// The response verifies and is not what it should be.
    #[error("the response is malformed")]
    Malformed(#[source] JsonError),
    /// The response verifies and belongs to another request.
    #[error(transparent)]
    OtherRequest(#[from] EchoMismatch),
    /// A 2xx without proof; only a transport that is no gateway of the platform gives one.
    #[error("the response carries no proof of its signature")]
    NoProof,
}

/// How often a call was sent before it was given up. Hosts that could not be reached on the way to another do not count.
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

    /// How often, the first time included.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether one of the earlier attempts may have taken effect, whatever the last one says of itself.
    #[must_use]
    pub fn unsettled(self) -> bool {
        self.unsettled
    }
}

/// Nothing for one attempt, else their number in brackets.
impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.count {
            0 | 1 => Ok(()),
            count => write!(f, " ({count} attempts)"),
        }
    }
}

/// What is known of the effect of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It had none: it was not sent.
    NotSent,
    /// It had none: the platform refused, and the refusal is signed.
    Refused,
    /// It may have had one.
    Unknown,
}

impl CallError {
    /// What is known of the effect.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Request(_) | Self::Encrypt(_) => Outcome::NotSent,
            _ if self.attempts().unsettled => Outcome::Unknown,
            Self::NotSent { .. } => Outcome::NotSent,
            // A signed 4xx is the platform's word; a 5xx says itself that it does not know, and an unsigned response may
            // come from anybody. What was throttled was as a rule not accepted, and a refund may have been.
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

    /// How often the call was sent before it was given up.
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

    /// The platform's refusal, if that is what it is.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether the same request may succeed later. Writes are repeated with the same business number only.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Request(_) | Self::Encrypt(_) => false,
            Self::NotSent { .. } | Self::Read { .. } | Self::OutcomeUnknown { .. } => true,
            Self::Api { error, .. } => error.is_retryable(),
        }
    }
}

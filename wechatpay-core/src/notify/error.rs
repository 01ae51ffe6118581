//! Reasons for rejecting a notification, with their statuses.

use http::StatusCode;

use super::kind::Kind;
use crate::{
    BoxError,
    verify::{JsonError, VerifyError},
};

/// Reason why a notification was rejected, in the fixed order of the checks.
///
/// Each reason has one status and one constant body. The details stay in this error, for the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// The method is not POST.
    #[error("the method is not POST")]
    Method,
    /// The content type is missing or not JSON.
    #[error("the content type is not application/json")]
    MediaType,
    /// The body is XML: a notification of API v2.
    ///
    /// API v2 has other orders and other keys.
    #[error(
        "this is API v2 (XML), but the route takes API v3 (JSON): the order or refund was made with API v2 and needs its own notify_url"
    )]
    ApiV2,
    /// The body has a content encoding, but the signature covers the plain bytes.
    #[error("the body has a content encoding; does a proxy compress it?")]
    Encoding,
    /// The body is longer than the limit, as declared or as counted.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The signature was not accepted.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The route names a merchant that is not in the directory.
    #[error("the route names a merchant that is not in the directory")]
    UnknownMerchant,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTimeout,
    /// The body ended early.
    #[error("the body ended early")]
    BodyAborted(#[source] BoxError),
    /// The envelope is malformed.
    #[error("the envelope is malformed")]
    EnvelopeMalformed(#[source] Shape),
    /// The resource is not encrypted with AES-256-GCM.
    #[error("the resource is not encrypted with AEAD_AES_256_GCM")]
    AlgorithmUnsupported,
    /// The resource cannot be decrypted.
    ///
    /// **The APIv3 key differs from the one in the merchant console.** An operator must act.
    #[error("the resource cannot be decrypted with the APIv3 key; is it the key of the merchant console?")]
    DecryptFailed,
    /// The decrypted resource is malformed.
    #[error("the decrypted resource is malformed")]
    PayloadMalformed(#[source] Shape),
    /// The resource is of another kind than this route takes.
    #[error("{event_type} is genuine, but this route takes {takes}; take AnyResource or add a route")]
    TypeMismatch {
        /// The kind of event.
        event_type: String,
        /// Name of the type that the route takes.
        takes: &'static str,
    },
    /// The notification is genuine, but for another merchant or app.
    ///
    /// A route or a key is in the wrong place. An operator must act.
    #[error("the notification is for another merchant or app: {field} differs")]
    WrongMerchant {
        /// The field that differs.
        field: &'static str,
    },
    /// No handler takes this kind of event.
    #[error("no handler takes {event_type}")]
    Unhandled {
        /// The kind of event.
        event_type: String,
    },
    /// The handler returned a 2xx that is not `Ack`.
    #[error("the handler returned {status} without `Ack`; return `Ack` when the work is done, else `Nack`")]
    NotAcknowledged {
        /// Status that the handler returned.
        status: u16,
    },
}

/// Error: the structure of a JSON text is wrong.
///
/// Names the place, never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Shape {
    /// A field is missing, duplicated or of another type.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The text is nested deeper than any text of the platform.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit in levels.
        limit: usize,
    },
    /// The text is not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A field has a value that its specification excludes.
    #[error("`{field}` {problem}")]
    Field {
        /// The field.
        field: &'static str,
        /// The rule it breaks.
        problem: &'static str,
    },
}

impl NotificationError {
    /// Returns the status of the rejection.
    ///
    /// It is never 2xx, because that would acknowledge the notification and lose it.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType | Self::ApiV2 | Self::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Verify(error) if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Verify(_) => StatusCode::UNAUTHORIZED,
            Self::UnknownMerchant => StatusCode::NOT_FOUND,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyAborted(_)
            | Self::EnvelopeMalformed(_)
            | Self::AlgorithmUnsupported
            | Self::PayloadMalformed(_)
            | Self::TypeMismatch { .. } => StatusCode::BAD_REQUEST,
            Self::WrongMerchant { .. } => StatusCode::FORBIDDEN,
            Self::DecryptFailed | Self::Unhandled { .. } | Self::NotAcknowledged { .. } => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// Returns a stable name of the kind, for metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        Kind::from(self).code()
    }

    /// Returns `true` if the platform's next delivery may succeed without any change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Verify(error) => error.is_retryable(),
            Self::BodyTimeout | Self::BodyAborted(_) => true,
            _ => false,
        }
    }

    /// Returns `true` if the message was verified and then rejected.
    ///
    /// Only the platform can cause that, and a payment may be lost. An operator should look at it.
    #[must_use]
    pub fn is_alarm(&self) -> bool {
        match self {
            Self::EnvelopeMalformed(_)
            | Self::AlgorithmUnsupported
            | Self::DecryptFailed
            | Self::PayloadMalformed(_)
            | Self::TypeMismatch { .. }
            | Self::WrongMerchant { .. }
            | Self::Unhandled { .. }
            | Self::NotAcknowledged { .. } => true,
            Self::Method
            | Self::MediaType
            | Self::ApiV2
            | Self::Encoding
            | Self::TooLarge { .. }
            | Self::Verify(_)
            | Self::UnknownMerchant
            | Self::BodyTimeout
            | Self::BodyAborted(_) => false,
        }
    }
}

impl From<&NotificationError> for Kind {
    fn from(error: &NotificationError) -> Self {
        match error {
            NotificationError::Method => Self::Method,
            NotificationError::MediaType | NotificationError::ApiV2 => Self::MediaType,
            NotificationError::Encoding => Self::Encoding,
            NotificationError::TooLarge { .. } => Self::TooLarge,
            NotificationError::Verify(error) => Self::from(error),
            NotificationError::UnknownMerchant => Self::UnknownMerchant,
            NotificationError::BodyTimeout => Self::BodyTimeout,
            NotificationError::BodyAborted(_) => Self::BodyAborted,
            NotificationError::EnvelopeMalformed(_) => Self::EnvelopeMalformed,
            NotificationError::AlgorithmUnsupported => Self::ResourceAlgorithmUnsupported,
            NotificationError::DecryptFailed => Self::DecryptFailed,
            NotificationError::PayloadMalformed(_) => Self::PayloadMalformed,
            NotificationError::TypeMismatch { .. } => Self::TypeMismatch,
            NotificationError::WrongMerchant { .. } => Self::WrongMerchant,
            NotificationError::Unhandled { .. } => Self::Unhandled,
            NotificationError::NotAcknowledged { .. } => Self::NotAcknowledged,
        }
    }
}

impl From<&VerifyError> for Kind {
    fn from(error: &VerifyError) -> Self {
        match error {
            VerifyError::HeaderMissing(_) => Self::HeaderMissing,
            VerifyError::HeaderDuplicate(_) => Self::HeaderDuplicate,
            VerifyError::HeaderMalformed { .. } => Self::HeaderMalformed,
            VerifyError::AlgorithmUnsupported => Self::AlgorithmUnsupported,
            VerifyError::TooOld { .. } => Self::TooOld,
            VerifyError::TooNew { .. } => Self::TooNew,
            VerifyError::Probe => Self::Probe,
            VerifyError::KeyUnknown { .. } => Self::KeyUnknown,
            VerifyError::KeyUnavailable { .. } => Self::KeyUnavailable,
            VerifyError::KeyExpired { .. } => Self::KeyExpired,
            VerifyError::SignatureInvalid { .. } => Self::SignatureInvalid,
        }
    }
}

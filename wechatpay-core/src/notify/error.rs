//! Why a notification was rejected, and the status that says so.

use http::StatusCode;

use super::kind::Kind;
use crate::{
    BoxError,
    verify::{JsonError, VerifyError},
};

/// Why a notification was rejected, in the fixed order of the checks. Each has one status and one constant body; what went
/// wrong stays here, for the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// Another method than POST.
    #[error("a notification is a POST")]
    Method,
    /// Another content type than JSON, or none.
    #[error("the content type of a notification is application/json")]
    MediaType,
    /// XML: a notification of API v2, whose orders and keys are others.
    #[error(
        "this is API v2 (XML), and the route takes API v3 (JSON): the order or refund was made with API v2, give it a notify_url of its own"
    )]
    ApiV2,
    /// A content encoding; what is signed are the plain bytes.
    #[error("a notification has no content encoding; is a proxy compressing?")]
    Encoding,
    /// Longer than the limit, by declaration or by counting.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The signature was not accepted.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// The route names a merchant that this application does not serve.
    #[error("the route names a merchant that is not in the directory")]
    UnknownMerchant,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTimeout,
    /// The body broke off.
    #[error("the body broke off")]
    BodyAborted(#[source] BoxError),
    /// The envelope is not what it should be.
    #[error("the envelope is malformed")]
    EnvelopeMalformed(#[source] Shape),
    /// The resource is sealed with something else than AES-256-GCM.
    #[error("the resource is not sealed with AEAD_AES_256_GCM")]
    AlgorithmUnsupported,
    /// The resource does not open: **our APIv3 key is not the one of the merchant console.** Needs a human.
    #[error("the resource does not open with the APIv3 key; is it the one set in the merchant console?")]
    DecryptFailed,
    /// The decrypted resource is not what it should be.
    #[error("the decrypted resource is malformed")]
    PayloadMalformed(#[source] Shape),
    /// A resource of another kind than this route takes.
    #[error("{event_type} is genuine, but this route takes {takes}; take AnyResource or add a route")]
    TypeMismatch {
        /// The kind that came.
        event_type: String,
        /// Name of the type that the route takes.
        takes: &'static str,
    },
    /// Genuine, but for another merchant or app. Needs a human: a route or a key is in the wrong place.
    #[error("the notification is for another merchant or app: {field} differs")]
    WrongMerchant {
        /// The field that differs.
        field: &'static str,
    },
    /// No handler takes this kind.
    #[error("no handler takes {event_type}")]
    Unhandled {
        /// The kind that came.
        event_type: String,
    },
    /// The handler returned a 2xx that is not `Ack`.
    #[error("the handler returned {status} without `Ack`; return `Ack` when the work is done, else `Nack`")]
    NotAcknowledged {
        /// Status that the handler returned.
        status: u16,
    },
}

/// What is wrong with the shape of a JSON text: where, never what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Shape {
    /// A field is missing, doubled or of another type.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// Nested deeper than anything the platform sends.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// Not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A field has a value that its description rules out.
    #[error("`{field}` {problem}")]
    Field {
        /// The field.
        field: &'static str,
        /// The rule it breaks.
        problem: &'static str,
    },
}

impl NotificationError {
    /// The status of the rejection. Never 2xx: that would acknowledge the notification and lose it.
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

    /// A stable name of the kind, for metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        Kind::from(self).code()
    }

    /// Whether the platform's next delivery of the same notification may succeed without anybody doing something.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Verify(error) => error.is_retryable(),
            Self::BodyTimeout | Self::BodyAborted(_) => true,
            _ => false,
        }
    }

    /// Whether the message was verified and then rejected. Only the platform can cause that, and a payment may be lost:
    /// somebody should look at it.
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

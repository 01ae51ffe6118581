//! Errors of signature verification.

use super::{KeyError, SignatureHeader};
use crate::types::KeyId;

/// Error: a signature was not accepted.
///
/// No variant holds header text, a signature or a body. Key ids are syntactically valid.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A header is missing.
    #[error("header {0} is missing; did a proxy drop it?")]
    HeaderMissing(SignatureHeader),
    /// A header occurs more than once.
    #[error("header {0} occurs more than once")]
    HeaderDuplicate(SignatureHeader),
    /// A header is malformed.
    #[error("header {header} is malformed: {problem}")]
    HeaderMalformed {
        /// The header.
        header: SignatureHeader,
        /// The rule it breaks.
        problem: &'static str,
    },
    /// `Wechatpay-Signature-Type` names another algorithm than RSA with SHA-256.
    #[error("the signature type is not WECHATPAY2-SHA256-RSA2048")]
    AlgorithmUnsupported,
    /// The signature is older than the window: a replay, or the local clock is fast.
    #[error(
        "signed {seconds} s ago, the window is 300 s; the local clock seems to be {seconds} s ahead, unless it is a replay"
    )]
    TooOld {
        /// Age of the signature in seconds.
        seconds: u64,
    },
    /// The signature is too far in the future: the local clock is slow.
    #[error(
        "signed {seconds} s in the future, the window is 300 s; the local clock seems to be {seconds} s behind"
    )]
    TooNew {
        /// Distance to the local clock in seconds.
        seconds: u64,
    },
    /// Probe traffic (应答探测).
    ///
    /// The platform sends a wrong signature on purpose and expects a rejection. Nothing is wrong.
    #[error("a signature probe of the platform, rejected as expected")]
    Probe,
    /// No key of this id is known, and none can be fetched.
    #[error("no platform key {id} is known")]
    KeyUnknown {
        /// The id that the header names.
        id: KeyId,
    },
    /// The key is unknown and fetching it failed. It may be known a moment later.
    #[error("platform key {id} is unknown and could not be fetched")]
    KeyUnavailable {
        /// The id that the header names.
        id: KeyId,
        /// The reason.
        #[source]
        source: KeyError,
    },
    /// The certificate of this id is not valid now.
    #[error("platform certificate {id} is not valid at this time")]
    KeyExpired {
        /// The id that the header names.
        id: KeyId,
        /// `true` if its successor may exist and could not be fetched.
        refresh_failing: bool,
    },
    /// The signature does not match.
    ///
    /// Usually the body was changed (parsed, re-encoded, decompressed) before it was verified.
    #[error("the signature does not match the body and key {id}; was the body changed before verification?")]
    SignatureInvalid {
        /// The key that was used.
        id: KeyId,
    },
}

impl VerifyError {
    /// Returns a stable name of the kind, for metrics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::HeaderMissing(_) => "header_missing",
            Self::HeaderDuplicate(_) => "header_duplicate",
            Self::HeaderMalformed { .. } => "header_malformed",
            Self::AlgorithmUnsupported => "algorithm_unsupported",
            Self::TooOld { .. } => "too_old",
            Self::TooNew { .. } => "too_new",
            Self::Probe => "probe",
            Self::KeyUnknown { .. } => "key_unknown",
            Self::KeyUnavailable { .. } => "key_unavailable",
            Self::KeyExpired { .. } => "key_expired",
            Self::SignatureInvalid { .. } => "signature_invalid",
        }
    }

    /// Returns `true` if the same delivery may succeed a moment later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::KeyUnavailable { .. }
                | Self::KeyExpired {
                    refresh_failing: true,
                    ..
                }
        )
    }
}

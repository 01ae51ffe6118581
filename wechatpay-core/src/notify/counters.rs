//! Counters by kind. The kinds are fixed, so no caller can make a metric grow.

use std::sync::atomic::{AtomicU64, Ordering};

use super::NotificationError;
use crate::verify::VerifyError;

/// Lists the kinds of refusal once: the enum, its names and its length.
macro_rules! kinds {
    ($($kind:ident = $code:literal,)*) => {
        /// Kind of a refusal. Every [`NotificationError`] is of one, so every one has a counter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($kind,)*
        }

        impl Kind {
            const ALL: [Self; [$($code),*].len()] = [$(Self::$kind),*];

            pub(super) const fn code(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)*
                }
            }
        }

        /// One `T` for each kind.
        #[derive(Debug, Default)]
        #[expect(non_snake_case, reason = "the fields are named like the kinds")]
        pub(super) struct PerKind<T> {
            $($kind: T,)*
        }

        impl<T> PerKind<T> {
            pub(super) fn of(&self, kind: Kind) -> &T {
                match kind {
                    $(Kind::$kind => &self.$kind,)*
                }
            }
        }
    };
}

kinds! {
    Method = "method",
    MediaType = "media_type",
    Encoding = "encoding",
    TooLarge = "too_large",
    HeaderMissing = "header_missing",
    HeaderDuplicate = "header_duplicate",
    HeaderMalformed = "header_malformed",
    AlgorithmUnsupported = "algorithm_unsupported",
    TooOld = "too_old",
    TooNew = "too_new",
    Probe = "probe",
    UnknownMerchant = "unknown_merchant",
    KeyUnknown = "key_unknown",
    KeyUnavailable = "key_unavailable",
    KeyExpired = "key_expired",
    SignatureInvalid = "signature_invalid",
    BodyTimeout = "body_timeout",
    BodyAborted = "body_aborted",
    EnvelopeMalformed = "envelope_malformed",
    ResourceAlgorithmUnsupported = "resource_algorithm_unsupported",
    DecryptFailed = "decrypt_failed",
    PayloadMalformed = "payload_malformed",
    TypeMismatch = "type_mismatch",
    WrongMerchant = "wrong_merchant",
    Unhandled = "unhandled",
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

/// Counts of accepted and refused notifications, by kind. Labels come from a fixed list and never from the network.
///
/// `accepted` counts what was verified and decrypted. A notification that then turns out to be of another kind than the
/// route takes is counted as `type_mismatch` too, so the two may overlap.
#[derive(Debug, Default)]
pub struct NotificationCounters {
    accepted: AtomicU64,
    refused: PerKind<AtomicU64>,
}

impl NotificationCounters {
    pub(super) fn accepted(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn refused(&self, kind: Kind) {
        self.refused.of(kind).fetch_add(1, Ordering::Relaxed);
    }

    /// All kinds with their counts.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let refused = Kind::ALL
            .into_iter()
            .map(|kind| (kind.code(), self.refused.of(kind)));
        std::iter::once(("accepted", &self.accepted))
            .chain(refused)
            .map(|(code, count)| (code, count.load(Ordering::Relaxed)))
    }

    /// The count of one kind: `accepted`, or a [`NotificationError::code`].
    #[must_use]
    pub fn get(&self, code: &str) -> u64 {
        self.iter()
            .find(|(kind, _)| *kind == code)
            .map_or(0, |(_, count)| count)
    }
}

//! Kinds of rejection, for counters and logs.

/// Lists the kinds of rejection once: the enum, its names and its length.
macro_rules! kinds {
    ($($kind:ident = $code:literal,)*) => {
        /// Kind of a rejection, with one counter each.
        ///
        /// Every [`NotificationError`](super::NotificationError) has a kind.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Kind {
            $($kind,)*
        }

        impl Kind {
            pub(super) const ALL: [Self; [$($code),*].len()] = [$(Self::$kind),*];

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
    NotAcknowledged = "not_acknowledged",
}

//! Lints: findings that work here and would hurt in production.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    sync::Mutex,
};

use serde::{Deserialize, Serialize};

use super::{clock::Day, lock};

/// More lints than anyone reads; the oldest go first.
const CAPACITY: usize = 10_000;

/// Declares each lint once: its kind, its name, and the numbers that its sentence needs.
macro_rules! lints {
    ($($(#[$about:meta])* $name:literal $kind:ident $({ $($(#[$argument_about:meta])* $argument:ident: $type:ty),+ $(,)? })?;)+) => {
        /// Kinds of lints.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum LintKind {
            $($(#[$about])* #[serde(rename = $name)] $kind,)+
        }

        impl LintKind {
            /// The name, for logs and searches.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }
        }

        /// A finding with its numbers, without payer data.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum Finding {
            $($(#[$about])* #[serde(rename = $name)] $kind $({ $($(#[$argument_about])* $argument: $type),+ })?,)+
        }

        impl Finding {
            pub(crate) const fn kind(&self) -> LintKind {
                match self {
                    $(Self::$kind { .. } => LintKind::$kind,)+
                }
            }
        }
    };
}

lints! {
    /// `notify_url` is plain http, or its host is this machine or a private network.
    "notify-url-not-public" NotifyUrlNotPublic;
    /// `notify_url` has a query.
    "notify-url-has-query" NotifyUrlHasQuery;
    /// `notify_url` has no path behind the host.
    "notify-url-no-path" NotifyUrlNoPath;
    /// An order was closed within five minutes of its creation.
    "close-too-soon" CloseTooSoon {
        /// Age of the order, in seconds.
        age: i64,
        /// Required age, in seconds.
        wanted: i64,
    };
    /// An order was reversed within 15 seconds of its creation.
    "reverse-too-soon" ReverseTooSoon {
        /// Age of the order, in seconds.
        age: i64,
        /// Recommended age, in seconds.
        wanted: i64,
    };
    /// `payer_client_ip` of an H5 order is a loopback address.
    "payer-ip-loopback" PayerIpLoopback;
    /// The H5 page was opened without a `Referer`.
    "h5-no-referer" H5NoReferer;
    /// The H5 page was opened inside WeChat's browser.
    "h5-ua-micromessenger" H5InsideWechat;
    /// A key of the request is `null` or an empty string.
    "null-or-empty-field" NullOrEmptyField {
        /// JSON pointer to the field.
        pointer: String,
    };
    /// A nonce was used twice.
    "nonce-reused" NonceReused;
    /// A nonce has fewer than 16 characters.
    "nonce-short" NonceShort {
        /// Number of characters.
        length: usize,
    };
    /// A bill was asked for before 10:00 of the next day.
    "bill-before-10am" BillTooEarly {
        /// Day of the bill.
        day: Day,
    };
    /// A refund was asked for within a minute of another one of the same order.
    "refund-too-soon" RefundTooSoon {
        /// Seconds between the two.
        distance: i64,
    };
    /// An e-commerce platform refunded with the endpoints of ordinary service providers.
    "refund-other-family" RefundOfOtherFamily;
    /// An openid belongs to another app than the one in the request.
    "openid-other-appid" OpenidOfOtherApp {
        /// App of the request.
        appid: String,
    };
    /// An upload whose `Content-Type` names no boundary.
    "upload-without-boundary" UploadWithoutBoundary;
    /// An upload whose file has another name than `meta` says.
    "upload-other-filename" UploadOtherFilename;
    /// A notification was answered with a 2xx other than 200 and 204.
    "ack-other-status" AckOtherStatus {
        /// Status of the response.
        status: u16,
    };
    /// A notification was acknowledged faster than anything can be stored.
    ///
    /// Off unless [`lint_ack_within`](crate::SandboxBuilder::lint_ack_within) sets the limit.
    "ack-before-commit" AckBeforeCommit {
        /// Duration of the response, in microseconds.
        micros: u64,
    };
    /// An order was paid without an acknowledged notification, and was not queried.
    "no-query-fallback" NoQueryFallback {
        /// Minutes in which the order should have been queried.
        minutes: u64,
    };
    /// A notification with a deliberately wrong signature got a 2xx.
    ///
    /// The receiver does not verify.
    "accepted-forged-notification" AcceptedForgedNotification {
        /// Status of the response.
        status: u16,
        /// The fault that made the signature wrong, if one did.
        fault: Option<String>,
    };
}

impl LintKind {
    /// Returns true if money is at stake.
    #[must_use]
    pub const fn is_fatal(self) -> bool {
        matches!(self, Self::AcceptedForgedNotification)
    }

    /// Returns true if the platform refuses such a request, and the strict sandbox too.
    #[must_use]
    pub const fn is_refused_in_production(self) -> bool {
        matches!(
            self,
            Self::NotifyUrlNotPublic
                | Self::NotifyUrlHasQuery
                | Self::NotifyUrlNoPath
                | Self::CloseTooSoon
                | Self::RefundTooSoon
                | Self::PayerIpLoopback
                | Self::NullOrEmptyField
                | Self::UploadOtherFilename
        )
    }
}

impl fmt::Display for LintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lint {
    /// The finding itself.
    #[serde(flatten)]
    pub finding: Finding,
    /// When, in Unix seconds.
    pub at: i64,
    /// The order it was found at.
    pub out_trade_no: Option<String>,
}

impl Lint {
    /// Kind of the lint.
    #[must_use]
    pub const fn kind(&self) -> LintKind {
        self.finding.kind()
    }
}

/// The findings so far.
#[derive(Default)]
pub struct Lints(Mutex<Found>);

debug_only!(Lints {});

#[derive(Default)]
struct Found {
    lints: VecDeque<Lint>,
    /// Kinds that were told.
    told: HashSet<LintKind>,
    /// Number of the newest lints that the test has not taken.
    untaken: usize,
}

impl Found {
    fn untaken(&self) -> Vec<Lint> {
        let known = self.lints.len().saturating_sub(self.untaken);
        self.lints.iter().skip(known).cloned().collect()
    }
}

impl Lints {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = Found::default();
    }

    /// Replaces all lints by those of a snapshot, for which no test fails.
    pub(crate) fn restore(&self, lints: Vec<Lint>, told: Vec<LintKind>) {
        *lock(&self.0) = Found {
            lints: lints.into(),
            told: told.into_iter().collect(),
            untaken: 0,
        };
    }

    /// Kinds that were told, in the order of their names.
    pub(crate) fn told(&self) -> Vec<LintKind> {
        let mut told: Vec<LintKind> = lock(&self.0).told.iter().copied().collect();
        told.sort_by_key(|kind| kind.as_str());
        told
    }

    /// Keeps a lint. Returns true for the first of its kind.
    pub(super) fn push(&self, lint: Lint) -> bool {
        let mut found = lock(&self.0);
        let is_new = found.told.insert(lint.kind());
        if found.lints.len() >= CAPACITY {
            found.lints.pop_front();
        }
        found.lints.push_back(lint);
        found.untaken = found.untaken.saturating_add(1);
        is_new
    }

    /// All findings, the oldest first.
    pub fn all(&self) -> Vec<Lint> {
        lock(&self.0).lints.iter().cloned().collect()
    }

    /// Lints that the test has not taken.
    pub(crate) fn untaken(&self) -> Vec<Lint> {
        lock(&self.0).untaken()
    }

    /// The same, and takes note of them.
    pub(crate) fn take(&self) -> Vec<Lint> {
        let mut found = lock(&self.0);
        let untaken = found.untaken();
        found.untaken = 0;
        untaken
    }
}

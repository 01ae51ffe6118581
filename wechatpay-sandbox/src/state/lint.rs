//! Lints: what works here and would hurt in production.

use std::{collections::VecDeque, fmt, sync::Mutex};

use serde::{Deserialize, Serialize};

use super::lock;

/// More lints than anyone reads; the oldest go first.
const CAPACITY: usize = 10_000;

/// What a lint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum LintKind {
    /// `notify_url` is plain http, or its host is this machine or a private network.
    NotifyUrlNotPublic,
    /// `notify_url` has a query.
    NotifyUrlHasQuery,
    /// `notify_url` has no path behind the host.
    NotifyUrlNoPath,
    /// An order was closed within five minutes of its creation.
    CloseTooSoon,
    /// `payer_client_ip` of an H5 order is a loopback address.
    PayerIpLoopback,
    /// The H5 page was opened without a `Referer`.
    #[serde(rename = "h5-no-referer")]
    H5NoReferer,
    /// The H5 page was opened inside WeChat's browser.
    #[serde(rename = "h5-ua-micromessenger")]
    H5InsideWechat,
    /// A key of the request is `null` or an empty string.
    NullOrEmptyField,
    /// A nonce was used twice.
    NonceReused,
    /// A nonce has fewer than 16 characters.
    NonceShort,
    /// A bill was asked for before 10:00 of the next day.
    #[serde(rename = "bill-before-10am")]
    BillTooEarly,
    /// A refund was asked for within a minute of another one of the same order.
    RefundTooSoon,
    /// An e-commerce platform refunded with the endpoints of ordinary service providers.
    #[serde(rename = "refund-other-family")]
    RefundOfOtherFamily,
    /// An openid belongs to another app than the one in the request.
    #[serde(rename = "openid-other-appid")]
    OpenidOfOtherApp,
    /// A JSAPI payment was begun outside of WeChat's browser.
    JsapiOutsideWechat,
    /// A notification was answered with another 2xx than 200 and 204.
    AckOtherStatus,
    /// A notification was acknowledged faster than anything can be stored. Off unless
    /// [`lint_ack_within`](crate::SandboxBuilder::lint_ack_within) says how fast that is.
    AckBeforeCommit,
    /// An order was paid, no notification of it was acknowledged, and nobody queried it.
    NoQueryFallback,
    /// A notification with a deliberately wrong signature was answered 2xx: the receiver does not verify.
    AcceptedForgedNotification,
}

impl LintKind {
    /// The name, for logs and searches.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotifyUrlNotPublic => "notify-url-not-public",
            Self::NotifyUrlHasQuery => "notify-url-has-query",
            Self::NotifyUrlNoPath => "notify-url-no-path",
            Self::CloseTooSoon => "close-too-soon",
            Self::PayerIpLoopback => "payer-ip-loopback",
            Self::H5NoReferer => "h5-no-referer",
            Self::H5InsideWechat => "h5-ua-micromessenger",
            Self::NullOrEmptyField => "null-or-empty-field",
            Self::NonceReused => "nonce-reused",
            Self::NonceShort => "nonce-short",
            Self::BillTooEarly => "bill-before-10am",
            Self::RefundTooSoon => "refund-too-soon",
            Self::RefundOfOtherFamily => "refund-other-family",
            Self::OpenidOfOtherApp => "openid-other-appid",
            Self::JsapiOutsideWechat => "jsapi-outside-wechat",
            Self::AckOtherStatus => "ack-other-status",
            Self::AckBeforeCommit => "ack-before-commit",
            Self::NoQueryFallback => "no-query-fallback",
            Self::AcceptedForgedNotification => "accepted-forged-notification",
        }
    }

    /// Whether money is at stake.
    #[must_use]
    pub const fn is_fatal(self) -> bool {
        matches!(self, Self::AcceptedForgedNotification)
    }

    /// Whether the platform refuses such a request, so that the strict sandbox does too.
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
#[non_exhaustive]
pub struct Lint {
    /// What it is about.
    pub kind: LintKind,
    /// When, in Unix seconds.
    pub at: i64,
    /// What was found, in a sentence without payer data.
    pub text: String,
    /// The order it was found at.
    pub out_trade_no: Option<String>,
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.text)
    }
}

/// The findings so far.
#[derive(Default)]
pub(crate) struct Lints(Mutex<VecDeque<Lint>>);

impl Lints {
    /// Forgets all.
    pub(crate) fn clear(&self) {
        *lock(&self.0) = VecDeque::default();
    }

    pub(crate) fn push(&self, lint: Lint) {
        let mut lints = lock(&self.0);
        if lints.len() >= CAPACITY {
            lints.pop_front();
        }
        lints.push_back(lint);
    }

    pub(crate) fn all(&self) -> Vec<Lint> {
        lock(&self.0).iter().cloned().collect()
    }
}

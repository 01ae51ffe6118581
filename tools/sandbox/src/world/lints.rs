//! Lints: findings that work here and would hurt in production.

use std::{collections::VecDeque, fmt, sync::Mutex};

use serde::{Deserialize, Serialize};

use super::lock;

/// More lints than anyone reads; the oldest go first.
const CAPACITY: usize = 10_000;

/// Kinds of lints.
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
    /// An upload whose `Content-Type` names no boundary.
    UploadWithoutBoundary,
    /// An upload whose file has another name than `meta` says.
    UploadOtherFilename,
    /// A notification was answered with a 2xx other than 200 and 204.
    AckOtherStatus,
    /// A notification was acknowledged faster than anything can be stored.
    ///
    /// Off unless [`lint_ack_within`](crate::SandboxBuilder::lint_ack_within) sets the limit.
    AckBeforeCommit,
    /// An order was paid without an acknowledged notification, and was not queried.
    NoQueryFallback,
    /// A notification with a deliberately wrong signature got a 2xx.
    ///
    /// The receiver does not verify.
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
            Self::UploadWithoutBoundary => "upload-without-boundary",
            Self::UploadOtherFilename => "upload-other-filename",
            Self::AckOtherStatus => "ack-other-status",
            Self::AckBeforeCommit => "ack-before-commit",
            Self::NoQueryFallback => "no-query-fallback",
            Self::AcceptedForgedNotification => "accepted-forged-notification",
        }
    }

    /// The meaning in Chinese; a lint's text has it in English with its numbers.
    pub(crate) const fn chinese(self) -> &'static str {
        match self {
            Self::NotifyUrlNotPublic => "notify_url 不是公网可访问的 https 地址，微信支付无法送达回调通知",
            Self::NotifyUrlHasQuery => "notify_url 带有查询参数，微信支付不允许",
            Self::NotifyUrlNoPath => "notify_url 在域名之后没有路径",
            Self::CloseTooSoon => "下单后不到五分钟就关单；旧版文档要求至少间隔五分钟",
            Self::PayerIpLoopback => "payer_client_ip 是回环地址；微信支付会与付款人的实际 IP 比对",
            Self::H5NoReferer => "打开 h5_url 时没有 Referer，微信支付会拒绝",
            Self::H5InsideWechat => "在微信内打开了 h5_url；微信内请使用 JSAPI 支付",
            Self::NullOrEmptyField => "请求中有 null 或空字符串字段；没有值时请省略该字段",
            Self::NonceReused => "随机串重复使用；每次请求都应重新生成",
            Self::NonceShort => "随机串太短；建议 32 个字符",
            Self::BillTooEarly => "次日 10:00 之前就申请账单，账单尚未生成",
            Self::RefundTooSoon => "同一订单一分钟内再次申请退款；微信支付限制每分钟一次",
            Self::RefundOfOtherFamily => "电商平台退款应使用 /v3/ecommerce/refunds/apply",
            Self::OpenidOfOtherApp => "openid 属于另一个 appid",
            Self::JsapiOutsideWechat => "在微信浏览器之外发起了 JSAPI 支付",
            Self::UploadWithoutBoundary => {
                "上传请求的 Content-Type 没有 boundary；沙箱取了请求体第一行的分隔符"
            }
            Self::UploadOtherFilename => "file 部分的 filename 与 meta.filename 不一致",
            Self::AckOtherStatus => "对回调通知应答了 200、204 以外的 2xx 状态码",
            Self::AckBeforeCommit => "应答太快，不可能已经保存；请先落库再应答",
            Self::NoQueryFallback => {
                "支付后通知一直未应答成功，也没有查询订单；通知可能丢失，请主动查询未支付的订单"
            }
            Self::AcceptedForgedNotification => "签名错误的通知也被应答成功：接收端没有验签",
        }
    }

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
#[non_exhaustive]
pub struct Lint {
    /// Kind of the lint.
    pub kind: LintKind,
    /// When, in Unix seconds.
    pub at: i64,
    /// The finding in one sentence, without payer data.
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
pub(crate) struct Lints(Mutex<Found>);

#[derive(Default)]
struct Found {
    lints: VecDeque<Lint>,
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
    pub(crate) fn restore(&self, lints: Vec<Lint>) {
        *lock(&self.0) = Found {
            lints: lints.into(),
            untaken: 0,
        };
    }

    pub(crate) fn push(&self, lint: Lint) {
        let mut found = lock(&self.0);
        if found.lints.len() >= CAPACITY {
            found.lints.pop_front();
        }
        found.lints.push_back(lint);
        found.untaken = found.untaken.saturating_add(1);
    }

    pub(crate) fn all(&self) -> Vec<Lint> {
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

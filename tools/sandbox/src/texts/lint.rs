//! Lints as sentences.

use std::fmt;

use http::StatusCode;

use crate::{
    faults::Fault,
    language::{Language, Localize, say},
    world::lints::{Finding, Lint},
};

impl Localize for Finding {
    fn in_language(&self, language: Language) -> String {
        match self {
            Self::NotifyUrlNotPublic => say!(
                language,
                "notify_url is not a public https URL; the platform could not reach it",
                "notify_url 不是公网可访问的 https 地址，微信支付无法送达"
            ),
            Self::NotifyUrlHasQuery => say!(
                language,
                "notify_url has a query, which the platform does not allow",
                "notify_url 带有查询参数，微信支付不允许"
            ),
            Self::NotifyUrlNoPath => say!(
                language,
                "notify_url has no path behind the host",
                "notify_url 在域名之后没有路径"
            ),
            Self::CloseTooSoon { age, wanted } => say!(
                language,
                "closed {age} s after it was placed; older pages ask for {wanted} s",
                "下单 {age} 秒后就关单；旧版文档要求至少间隔 {wanted} 秒"
            ),
            Self::ReverseTooSoon { age, wanted } => say!(
                language,
                "reversed {age} s after the payment was asked for; the pages recommend {wanted} s",
                "支付请求发出 {age} 秒后就撤销；文档建议至少间隔 {wanted} 秒"
            ),
            Self::PayerIpLoopback => say!(
                language,
                "payer_client_ip is a loopback address; the platform compares it with the payer's",
                "payer_client_ip 是回环地址；微信支付会与付款人的实际 IP 比对"
            ),
            Self::H5NoReferer => say!(
                language,
                "h5_url was opened without a Referer; the platform refuses that",
                "打开 h5_url 时没有 Referer，微信支付会拒绝"
            ),
            Self::H5InsideWechat => say!(
                language,
                "h5_url was opened inside WeChat; use JSAPI there",
                "在微信内打开了 h5_url；微信内请使用 JSAPI 支付"
            ),
            Self::NullOrEmptyField { pointer } => say!(
                language,
                "{pointer} is null or empty; leave the key out",
                "{pointer} 为 null 或空；没有值时请省略该字段"
            ),
            Self::NonceReused => say!(
                language,
                "a nonce was used before; make a new one for every attempt",
                "随机串已使用过；每次请求都应重新生成"
            ),
            Self::NonceShort { length } => say!(
                language,
                "a nonce has {length} characters; take 32",
                "随机串只有 {length} 个字符；建议 32 个"
            ),
            Self::BillTooEarly { day } => say!(
                language,
                "the bill of {day} was asked for before 10:00 of the next day",
                "在次日 10:00 之前申请了 {day} 的账单"
            ),
            Self::RefundTooSoon { distance } => say!(
                language,
                "{distance} s after another refund of the order; the platform takes one a minute",
                "距同一订单的上一次退款仅 {distance} 秒；微信支付限制每分钟一次"
            ),
            Self::RefundOfOtherFamily => say!(
                language,
                "an e-commerce platform refunds with /v3/ecommerce/refunds/apply",
                "电商平台退款应使用 /v3/ecommerce/refunds/apply"
            ),
            Self::OpenidOfOtherApp { appid } => say!(
                language,
                "an openid belongs to another app than {appid}",
                "openid 属于 {appid} 以外的 appid"
            ),
            Self::UploadWithoutBoundary => say!(
                language,
                "Content-Type has no boundary; it was taken from the first line of the body",
                "Content-Type 没有 boundary；取了请求体第一行的分隔符"
            ),
            Self::UploadOtherFilename => say!(
                language,
                "meta.filename and the filename of the part file differ",
                "meta.filename 与 file 部分的 filename 不一致"
            ),
            Self::AckOtherStatus { status } => say!(
                language,
                "a notification got {status}; only 200 and 204 end it, so it will come again",
                "通知被应答 {status}；只有 200 和 204 会结束通知，因此还会重发"
            ),
            Self::AckBeforeCommit { micros } => say!(
                language,
                "a notification was acknowledged after {micros} µs; was it stored by then?",
                "通知在 {micros} µs 后即应答成功；那时已经保存了吗？"
            ),
            Self::NoQueryFallback { minutes } => say!(
                language,
                "paid {minutes} minutes ago, and no notification was acknowledged and nobody asked: notifications may fail, so query orders that stay open",
                "支付已过 {minutes} 分钟，通知一直未应答成功，也没有查询订单；通知可能丢失，请主动查询未支付的订单"
            ),
            Self::AcceptedForgedNotification { status, fault } => {
                let status = shown(*status);
                let fault: Option<Fault> = fault.as_ref().and_then(|fault| fault.parse().ok());
                let how = match fault {
                    Some(fault) => language.say(fault.info().text),
                    None => language.pick("a wrong signature", "签名错误"),
                };
                say!(
                    language,
                    "a notification that must be refused got {status} ({how}); anybody who knows the URL can fake payments",
                    "必须拒绝的通知被应答 {status}（{how}）；任何知道该地址的人都能伪造支付"
                )
            }
        }
    }
}

/// `200 OK`.
fn shown(status: u16) -> String {
    StatusCode::from_u16(status).map_or_else(|_| status.to_string(), |status| status.to_string())
}

impl Localize for Lint {
    fn in_language(&self, language: Language) -> String {
        self.finding.in_language(language)
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind(), self.in_language(Language::English))
    }
}

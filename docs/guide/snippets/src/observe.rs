//! Counters and health.

use std::fmt::Write as _;

use wechatpay_axum::WechatPay;

/// Metrics in the text format of Prometheus.
#[must_use]
pub fn metrics(wechatpay: &WechatPay) -> String {
    let mut text = String::new();
    for (kind, count) in wechatpay.receiver().counters().iter() {
        let _ = writeln!(text, "wechatpay_notifications_total{{kind=\"{kind}\"}} {count}");
    }
    let health = wechatpay.health();
    let _ = writeln!(text, "wechatpay_usable_keys {}", health.usable_keys);
    let failing = u8::from(health.refresh_failing);
    let _ = writeln!(text, "wechatpay_refresh_failing {failing}");
    if let Some(expiry) = health.merchant_certificate_expiry {
        let _ = writeln!(
            text,
            "wechatpay_merchant_certificate_expiry {}",
            expiry.unix_seconds()
        );
    }
    text
}

/// Readiness: true once a platform key is trusted.
#[must_use]
pub fn ready(wechatpay: &WechatPay) -> bool {
    wechatpay.is_ready()
}

//! Addresses for notifications that the platform would not use.

use wechatpay_core::is_loopback;

use crate::gateway::{Notes, Refusal, validate::Checked};
use crate::world::lints::Finding;

/// Checks for a `notify_url` that the platform would not use.
pub(in crate::gateway) fn notify_url(body: &Checked, notes: &mut Notes) -> Result<(), Refusal> {
    address(body.text("/notify_url"), notes)
}

/// The same of an address under another name.
pub(in crate::gateway) fn address(url: Option<&str>, notes: &mut Notes) -> Result<(), Refusal> {
    let Some(uri) = url.and_then(|url| url.parse::<http::Uri>().ok()) else {
        return Ok(());
    };
    let host = uri.host().unwrap_or_default();
    if uri.scheme_str() == Some("http") || is_loopback(host) || is_private(host) {
        notes.lint(Finding::NotifyUrlNotPublic)?;
    }
    if uri.query().is_some() {
        notes.lint(Finding::NotifyUrlHasQuery)?;
    }
    if uri.path().trim_matches('/').is_empty() {
        notes.lint(Finding::NotifyUrlNoPath)?;
    }
    Ok(())
}

fn is_private(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(address)) => address.is_private() || address.is_link_local(),
        Ok(std::net::IpAddr::V6(address)) => address.is_unique_local() || address.is_unicast_link_local(),
        Err(_) => {
            !host.contains('.')
                || [".local", ".internal", ".test"]
                    .iter()
                    .any(|end| host.ends_with(end))
        }
    }
}

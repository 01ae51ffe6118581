//! Rules of an order that no table of fields can tell.

use serde_json::{Value, json};
use wechatpay_core::{is_loopback, types::DateTime};

use crate::gateway::hints::{Conflict, OrderHint, RefundHint};
use crate::gateway::{
    Notes, Refusal, codes,
    validate::{Checked, Location},
};
use crate::world::{lints::Finding, orders::scene::Scene};

/// Reads the settlement of an order or item: profit sharing and planned subsidy.
///
/// A subsidy is shared, so profit sharing must be on. `place` is the JSON pointer of the order.
pub(crate) fn settlement(order: &Value, place: &str) -> Result<(bool, Option<i64>), Refusal> {
    // An item of a combined order may say it at its top, which then decides.
    let shares = order
        .pointer("/profit_sharing")
        .or_else(|| order.pointer("/settle_info/profit_sharing"))
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let subsidy = order
        .pointer("/settle_info/subsidy_amount")
        .and_then(Value::as_i64);
    match subsidy {
        Some(amount) if !shares => Err(Refusal::new(codes::PARAMETER)
            .field(
                Location::Body,
                &format!("{place}/settle_info/subsidy_amount"),
                json!(amount),
                Conflict::NotShared,
            )
            .hint(OrderHint::SubsidyWithoutSharing)),
        _ => Ok((shares, subsidy)),
    }
}

/// The accounts that a refund is to be taken from give all of it together.
pub(crate) fn refund_sources(body: &Checked, refund: i64) -> Result<(), Refusal> {
    let Some(from) = body.value.pointer("/amount/from").and_then(Value::as_array) else {
        return Ok(());
    };
    let sum: i64 = from
        .iter()
        .filter_map(|source| source.pointer("/amount")?.as_i64())
        .fold(0, i64::saturating_add);
    if sum == refund {
        Ok(())
    } else {
        Err(Refusal::new(codes::PARAMETER)
            .field(Location::Body, "/amount/from", json!(null), Conflict::OtherSum)
            .hint(RefundHint::OtherSum { sum, refund }))
    }
}

/// Checks for a `notify_url` that the platform would not use.
pub(crate) fn notify_url(body: &Checked, notes: &mut Notes) -> Result<(), Refusal> {
    let Some(uri) = body
        .text("/notify_url")
        .and_then(|url| url.parse::<http::Uri>().ok())
    else {
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

/// Lints a loopback address of an H5 payer.
///
/// The platform compares the address with that of the page's visitor.
pub(crate) fn payer_address(body: &Checked, scene: Scene, notes: &mut Notes) -> Result<(), Refusal> {
    let is_local = scene == Scene::H5 && body.text("/scene_info/payer_client_ip").is_some_and(is_loopback);
    if is_local {
        notes.lint(Finding::PayerIpLoopback)?;
    }
    Ok(())
}

/// The last payable moment: what the order asks for, moved between `earliest` and `latest`.
pub(crate) fn expiry(body: &Checked, earliest: i64, latest: i64) -> i64 {
    body.text("/time_expire")
        .and_then(|text| text.parse::<DateTime>().ok())
        .map_or(latest, |at| {
            at.unix_seconds().clamp(earliest, latest.max(earliest))
        })
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

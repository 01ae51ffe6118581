//! Rules of an order that no table of fields can tell.

use serde_json::{Value, json};
use wechatpay_core::{is_loopback, types::DateTime};

use super::hints::OrderHint;
use crate::gateway::{
    Notes, Refusal, codes,
    hints::Conflict,
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

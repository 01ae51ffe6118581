//! Rules of an order that no table of fields can tell.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use wechatpay_core::types::{Appid, DateTime};

use super::{Notes, Received, Refusal, codes, fields::Checked};
use crate::{
    shared::{Shared, is_loopback},
    state::{
        buyer::Buyer,
        lint::LintKind,
        merchant::Merchant,
        order::{Family, Scene},
    },
};

/// Apps and sub-merchants must belong to the caller.
pub(super) fn parties(merchant: &Merchant, body: &Checked, family: Family) -> Result<(), Refusal> {
    let key = match family {
        Family::Direct => "appid",
        Family::Partner => "sp_appid",
    };
    let appid = body.text(&format!("/{key}")).unwrap_or_default();
    if !merchant.has_appid(appid) {
        return Err(Refusal::new(codes::APPID_NOT_BOUND).hint(format!(
            "`{key}` is not bound to merchant {}; bound are: {}",
            merchant.mchid,
            list(merchant.appids.iter().map(Appid::as_str)),
        )));
    }
    if family == Family::Direct {
        return Ok(());
    }
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default();
    if merchant.mchid == sub_mchid {
        return Err(Refusal::new(codes::SUB_IS_CALLER).field(
            "body",
            "/sub_mchid",
            json!(sub_mchid),
            "equals sp_mchid",
        ));
    }
    let Some(sub) = merchant.sub(sub_mchid) else {
        return Err(Refusal::new(codes::NO_RELATION).hint(format!(
            "merchant {} has no such sub-merchant; it has: {}",
            merchant.mchid,
            list(merchant.subs.iter().map(|sub| sub.mchid.as_str())),
        )));
    };
    match body.text("/sub_appid") {
        Some(sub_appid) if sub_appid == appid => {
            Err(Refusal::new(codes::INVALID_REQUEST).hint("sub_appid equals sp_appid; leave sub_appid out"))
        }
        Some(sub_appid) if !sub.appids.iter().any(|known| *known == sub_appid) => {
            Err(Refusal::new(codes::APPID_NOT_BOUND).hint(format!(
                "`sub_appid` is not bound to sub-merchant {sub_mchid}; bound are: {}",
                list(sub.appids.iter().map(Appid::as_str)),
            )))
        }
        _ => Ok(()),
    }
}

/// A JSAPI order names its payer, by an openid that belongs to the app it names.
pub(super) fn payer(
    shared: &Shared,
    body: &Checked,
    family: Family,
    scene: Scene,
    notes: &mut Notes,
) -> Result<(), Refusal> {
    if scene != Scene::Jsapi {
        return Ok(());
    }
    let (openid, sub_openid, app) = match family {
        Family::Direct => (body.text("/payer/openid"), None, body.text("/appid")),
        Family::Partner => (
            body.text("/payer/sp_openid"),
            body.text("/payer/sub_openid"),
            body.text("/sp_appid"),
        ),
    };
    if openid.is_none() && sub_openid.is_none() {
        return Err(Refusal::new(codes::OPENID_REQUIRED)
            .field("body", "/payer", json!({}), "required and missing")
            .hint("a JSAPI order needs payer.sp_openid or payer.sub_openid"));
    }
    if sub_openid.is_some() && body.text("/sub_appid").is_none() {
        return Err(Refusal::new(codes::PARAMETER)
            .field(
                "body",
                "/sub_appid",
                json!(null),
                "required with payer.sub_openid",
            )
            .hint("payer.sub_openid belongs to sub_appid, so give sub_appid too"));
    }
    for (openid, appid) in [(openid, app), (sub_openid, body.text("/sub_appid"))] {
        if let (Some(openid), Some(appid)) = (openid, appid)
            && belongs_to_another_app(shared, openid, appid)
        {
            notes.lint(
                LintKind::OpenidOfOtherApp,
                format!("an openid belongs to another app than {appid}"),
            )?;
            return Err(Refusal::new(codes::OPENID_MISMATCH)
                .hint("an openid is valid for one app only, the one it was obtained with"));
        }
    }
    Ok(())
}

/// Openids that the sandbox did not give out may belong to any app.
fn belongs_to_another_app(shared: &Shared, openid: &str, appid: &str) -> bool {
    let is_of = |appid: &str| Buyer::ALL.iter().any(|buyer| buyer.openid(appid) == openid);
    !is_of(appid) && shared.merchants.appids().any(|other| is_of(other.as_str()))
}

/// Sensitive fields are encrypted to the key that `Wechatpay-Serial` names.
pub(super) fn encrypted(
    shared: &Shared,
    body: &Checked,
    received: &Received,
    pointers: &[&str],
) -> Result<(), Refusal> {
    for pointer in pointers {
        let Some(text) = body.text(pointer) else {
            continue;
        };
        let refuse = |issue: &str, hint: &str| {
            // The value is left out: it may be somebody's number in the clear.
            Refusal::new(codes::PARAMETER)
                .field("body", pointer, json!(null), issue)
                .hint(hint)
        };
        let serial = received.header("wechatpay-serial").ok_or_else(|| {
            refuse(
                "Wechatpay-Serial missing",
                "an encrypted field needs the header Wechatpay-Serial with the id of the key it was encrypted to",
            )
        })?;
        let key = shared.platform.encryption_key(serial).ok_or_else(|| {
            refuse(
                "key unknown",
                "Wechatpay-Serial names no key that the platform has; encrypt to a current one",
            )
        })?;
        let opens = STANDARD
            .decode(text)
            .is_ok_and(|ciphertext| key.key.decrypt(&ciphertext).is_ok());
        if !opens {
            return Err(refuse(
                "does not decrypt",
                "encrypt with RSA-OAEP, SHA-1 and MGF1-SHA-1, to the key that Wechatpay-Serial names, then base64",
            ));
        }
    }
    Ok(())
}

/// A subsidy is shared, so profit sharing must be on.
pub(super) fn settlement(body: &Checked) -> Result<(), Refusal> {
    let shares = body
        .value
        .pointer("/settle_info/profit_sharing")
        .and_then(serde_json::Value::as_bool)
        .unwrap_or_default();
    match body.integer("/settle_info/subsidy_amount") {
        Some(amount) if !shares => Err(Refusal::new(codes::PARAMETER)
            .field(
                "body",
                "/settle_info/subsidy_amount",
                json!(amount),
                "needs profit_sharing",
            )
            .hint("subsidy_amount needs settle_info.profit_sharing to be true")),
        _ => Ok(()),
    }
}

/// The accounts that a refund is to be taken from give all of it together.
pub(super) fn refund_sources(body: &Checked, refund: i64) -> Result<(), Refusal> {
    let Some(from) = body
        .value
        .pointer("/amount/from")
        .and_then(serde_json::Value::as_array)
    else {
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
            .field("body", "/amount/from", json!(null), "differs from the refund")
            .hint(format!(
                "amount.from adds up to {sum} fen, and amount.refund is {refund}"
            )))
    }
}

/// What the platform would not send notifications to.
pub(super) fn notify_url(body: &Checked, notes: &mut Notes) -> Result<(), Refusal> {
    let Some(uri) = body
        .text("/notify_url")
        .and_then(|url| url.parse::<http::Uri>().ok())
    else {
        return Ok(());
    };
    let host = uri.host().unwrap_or_default();
    if uri.scheme_str() == Some("http") || is_loopback(host) || is_private(host) {
        notes.lint(
            LintKind::NotifyUrlNotPublic,
            "notify_url is not a public https URL; the platform could not reach it",
        )?;
    }
    if uri.query().is_some() {
        notes.lint(
            LintKind::NotifyUrlHasQuery,
            "notify_url has a query, which the platform does not allow",
        )?;
    }
    if uri.path().trim_matches('/').is_empty() {
        notes.lint(
            LintKind::NotifyUrlNoPath,
            "notify_url has no path behind the host",
        )?;
    }
    Ok(())
}

/// The platform compares the address of an H5 payer with the one that opens the page.
pub(super) fn payer_address(body: &Checked, scene: Scene, notes: &mut Notes) -> Result<(), Refusal> {
    let is_local = scene == Scene::H5 && body.text("/scene_info/payer_client_ip").is_some_and(is_loopback);
    if is_local {
        notes.lint(
            LintKind::PayerIpLoopback,
            "payer_client_ip is a loopback address; the platform compares it with the payer's",
        )?;
    }
    Ok(())
}

/// The last payable moment: what the order asks for, moved between `earliest` and `latest`.
pub(super) fn expiry(body: &Checked, earliest: i64, latest: i64) -> i64 {
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

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<&str> = texts.collect();
    if texts.is_empty() {
        "none".to_owned()
    } else {
        texts.join(", ")
    }
}

//! Who takes part in an order: apps, sub-merchants and payers must belong to each other.

use serde_json::json;

use crate::gateway::hints::{Conflict, PartyHint};
use crate::gateway::{
    Notes, Refusal, codes,
    validate::{Checked, Location},
};
use crate::{
    gateway::Gateway,
    world::{
        lints::Finding,
        merchants::{
            document::SubMerchant,
            state::{Merchant, MerchantKind},
        },
        orders::{
            buyer::Buyer,
            scene::{Family, Scene},
        },
    },
};

/// Apps and sub-merchants of an ordinary order.
pub(crate) fn of_order(merchant: &Merchant, body: &Checked, family: Family) -> Result<(), Refusal> {
    let key = match family {
        Family::Direct => "appid",
        Family::Partner => "sp_appid",
    };
    let appid = body.text(&format!("/{key}")).unwrap_or_default();
    app(merchant, key, appid)?;
    if family == Family::Direct {
        return Ok(());
    }
    let sub_mchid = body.text("/sub_mchid").unwrap_or_default();
    sub(merchant, appid, sub_mchid, body.text("/sub_appid"), "")
}

/// The caller must be a merchant that may have sub-merchants.
pub(crate) fn partner(merchant: &Merchant) -> Result<(), Refusal> {
    match merchant.kind {
        MerchantKind::Direct => Err(Refusal::new(codes::NO_AUTH).hint(PartyHint::NoSubMerchants)),
        _ => Ok(()),
    }
}

/// The caller must be an e-commerce platform.
pub(crate) fn platform(merchant: &Merchant) -> Result<(), Refusal> {
    if merchant.is_platform() {
        Ok(())
    } else {
        Err(Refusal::new(codes::NO_AUTH).hint(PartyHint::PlatformsOnly))
    }
}

/// The app must be bound to the merchant.
pub(crate) fn app(merchant: &Merchant, key: &str, appid: &str) -> Result<(), Refusal> {
    if merchant.has_appid(appid) {
        return Ok(());
    }
    Err(Refusal::new(codes::APPID_NOT_BOUND).hint(PartyHint::AppNotBound {
        field: key.to_owned(),
        mchid: merchant.mchid.to_string(),
        bound: merchant.appids.iter().map(ToString::to_string).collect(),
    }))
}

/// Checks that the sub-merchant is the merchant's, and that its app is bound.
///
/// `place` is the JSON pointer of the object that names both.
pub(crate) fn sub(
    merchant: &Merchant,
    appid: &str,
    sub_mchid: &str,
    sub_appid: Option<&str>,
    place: &str,
) -> Result<(), Refusal> {
    if merchant.mchid == sub_mchid {
        return Err(Refusal::new(codes::SUB_IS_CALLER).field(
            Location::Body,
            &format!("{place}/sub_mchid"),
            json!(sub_mchid),
            Conflict::Caller,
        ));
    }
    let sub = known_sub(merchant, sub_mchid)?;
    match sub_appid {
        Some(sub_appid) if sub_appid == appid => {
            Err(Refusal::new(codes::INVALID_REQUEST).hint(PartyHint::SubAppIsCallers))
        }
        Some(sub_appid) if !sub.appids.iter().any(|known| *known == sub_appid) => Err(Refusal::new(
            codes::APPID_NOT_BOUND,
        )
        .hint(PartyHint::SubAppNotBound {
            sub_mchid: sub_mchid.to_owned(),
            bound: sub.appids.iter().map(ToString::to_string).collect(),
        })),
        _ => Ok(()),
    }
}

/// The sub-merchant must be one of the merchant's.
pub(crate) fn known_sub<'m>(merchant: &'m Merchant, sub_mchid: &str) -> Result<&'m SubMerchant, Refusal> {
    merchant.sub(sub_mchid).ok_or_else(|| {
        Refusal::new(codes::NO_RELATION).hint(PartyHint::NoSubMerchant {
            mchid: merchant.mchid.to_string(),
            known: merchant
                .sub_merchants
                .iter()
                .map(|sub| sub.mchid.to_string())
                .collect(),
        })
    })
}

/// Checks the payer of a JSAPI order: the openid must belong to the app.
pub(crate) fn payer(
    gateway: &Gateway,
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
            .missing(Location::Body, "/payer")
            .hint(PartyHint::NoOpenid));
    }
    if sub_openid.is_some() && body.text("/sub_appid").is_none() {
        return Err(Refusal::new(codes::PARAMETER)
            .field(
                Location::Body,
                "/sub_appid",
                json!(null),
                Conflict::SubAppRequired,
            )
            .hint(PartyHint::NoSubApp));
    }
    for (openid, appid) in [(openid, app), (sub_openid, body.text("/sub_appid"))] {
        if let (Some(openid), Some(appid)) = (openid, appid) {
            openid_of(gateway, openid, appid, notes)?;
        }
    }
    Ok(())
}

/// An openid that the sandbox gave out for one app is not one of another.
pub(crate) fn openid_of(
    gateway: &Gateway,
    openid: &str,
    appid: &str,
    notes: &mut Notes,
) -> Result<(), Refusal> {
    if !belongs_to_another_app(gateway, openid, appid) {
        return Ok(());
    }
    notes.lint(Finding::OpenidOfOtherApp {
        appid: appid.to_owned(),
    })?;
    Err(Refusal::new(codes::OPENID_MISMATCH).hint(PartyHint::OpenidOfOtherApp))
}

/// Openids that the sandbox did not give out may belong to any app.
fn belongs_to_another_app(gateway: &Gateway, openid: &str, appid: &str) -> bool {
    let is_of = |appid: &str| Buyer::ALL.iter().any(|buyer| buyer.openid(appid) == openid);
    !is_of(appid)
        && gateway
            .world
            .merchants
            .appids()
            .any(|other| is_of(other.as_str()))
}

//! Checks what a client opens the payment sheet with.
//!
//! Four lines are signed. Written apart from the signer of `wechatpay-core`, so that one mistake cannot cancel out another.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_doctor::{Confidence, SignedInvocation, Text};

use wechatpay_sandbox::{
    gateway::doctor,
    handle::engine::Engine,
    world::{
        merchants::state::Merchant,
        orders::{scene::Scene, state::Order},
    },
};

/// Why a payment sheet does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InvokeProblem {
    Missing(&'static str),
    Timestamp,
    SignType,
    Package,
    OtherScene,
    Appid,
    Partner,
    NotBase64,
    /// A JSAPI call that signed the bare id.
    FourthLineOfApp,
    /// An APP call that signed `prepay_id=…`.
    FourthLineOfJsapi,
    OtherKey,
    Mismatch,
    /// The signature doctor's proof.
    Proven(Text),
}

/// The parameters of a call, under the names of JSAPI.
pub(super) struct Invocation<'a> {
    pub(super) scene: Scene,
    /// A mini program and `chooseWXPay` do not pass it.
    pub(super) appid: Option<&'a str>,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    /// JSAPI: the value of `package`. APP: the value of `prepayid`.
    pub(super) package: &'a str,
    pub(super) signature: &'a str,
}

/// Behind it stands the id in the `package` of JSAPI.
const PREPAY_ID: &str = "prepay_id=";
/// Seconds have ten digits until the year 2286.
const TIMESTAMP_DIGITS: usize = 10;

/// The id in a JSAPI `package`; instalments append more behind a `&`.
pub(super) fn prepay_id_of(package: &str) -> Option<&str> {
    let rest = package.strip_prefix(PREPAY_ID)?;
    let id = rest.split_once('&').map_or(rest, |(id, _)| id);
    (!id.is_empty()).then_some(id)
}

/// Verifies the call for this order.
pub(super) fn verify(engine: &Engine, order: &Order, call: &Invocation<'_>) -> Result<(), InvokeProblem> {
    if order.scene != call.scene {
        return Err(InvokeProblem::OtherScene);
    }
    let is_number = call.timestamp.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || call.timestamp.len() != TIMESTAMP_DIGITS {
        return Err(InvokeProblem::Timestamp);
    }
    let appids: Vec<&str> = std::iter::once(order.appid.as_str())
        .chain(order.sub.as_ref().and_then(|sub| sub.appid.as_deref()))
        .filter(|appid| call.appid.is_none_or(|given| given == *appid))
        .collect();
    if appids.is_empty() {
        return Err(InvokeProblem::Appid);
    }
    let Some(merchant) = engine.world.merchants.get(&order.key.mchid) else {
        return Err(InvokeProblem::Mismatch);
    };
    let Ok(signature) = STANDARD.decode(call.signature) else {
        return Err(explained(engine, &merchant, order, call).unwrap_or(InvokeProblem::NotBase64));
    };
    let fits = |merchant: &Merchant, fourth: &str| {
        appids.iter().any(|appid| {
            let message = message(appid, call.timestamp, call.nonce, fourth);
            merchant
                .valid_keys()
                .any(|key| key.public.verify(&[message.as_bytes()], &signature).is_ok())
        })
    };
    if fits(&merchant, call.package) {
        return Ok(());
    }
    let (swapped, problem) = match call.scene {
        Scene::App => (
            format!("{PREPAY_ID}{}", call.package),
            InvokeProblem::FourthLineOfJsapi,
        ),
        _ => (
            prepay_id_of(call.package).unwrap_or_default().to_owned(),
            InvokeProblem::FourthLineOfApp,
        ),
    };
    if fits(&merchant, &swapped) {
        return Err(problem);
    }
    if engine
        .world
        .merchants
        .iter()
        .any(|other| fits(&other, call.package))
    {
        return Err(InvokeProblem::OtherKey);
    }
    Err(explained(engine, &merchant, order, call).unwrap_or(InvokeProblem::Mismatch))
}

/// Adds a further proven mistake.
fn explained(
    engine: &Engine,
    merchant: &Merchant,
    order: &Order,
    call: &Invocation<'_>,
) -> Option<InvokeProblem> {
    let sub = order.sub.as_ref();
    let parties = [
        Some(order.appid.as_str()),
        sub.and_then(|sub| sub.appid.as_deref()),
        Some(order.key.mchid.as_str()),
        sub.map(|sub| sub.mchid.as_str()),
    ];
    let appid = call.appid.unwrap_or(&order.appid);
    let Invocation {
        timestamp,
        nonce,
        package,
        signature,
        ..
    } = *call;
    let signed = match call.scene {
        Scene::App => SignedInvocation::app(appid, timestamp, nonce, package, signature),
        _ => SignedInvocation::page(appid, timestamp, nonce, package, signature),
    };
    let verdict = doctor(&engine.gateway, merchant.mchid.as_str(), None)
        .invocation(&signed.other_parties(parties.into_iter().flatten()));
    let finding = verdict.findings().first()?;
    (verdict.confidence() == Confidence::Proven).then(|| InvokeProblem::Proven(finding.mistake().remedy()))
}

/// The four lines, each with its line end.
fn message(appid: &str, timestamp: &str, nonce: &str, fourth: &str) -> String {
    format!("{appid}\n{timestamp}\n{nonce}\n{fourth}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cashier::vectors;

    #[test]
    fn the_published_samples_of_both_calls_fit_and_not_crosswise() {
        let key = vectors::merchant_key();
        let fits = |fourth: &str, signature: &str| {
            let message = message("wx2421b1c4370ec43b", "1554208460", vectors::NONCE, fourth);
            let signature = STANDARD.decode(signature).unwrap();
            key.verify(&[message.as_bytes()], &signature).is_ok()
        };
        let bare = "wx201410272009395522657a690389285100";
        let package = format!("prepay_id={bare}");
        assert!(fits(&package, vectors::JSAPI_SIGNATURE));
        assert!(fits(bare, vectors::APP_SIGNATURE));
        assert!(!fits(bare, vectors::JSAPI_SIGNATURE));
        assert!(!fits(&package, vectors::APP_SIGNATURE));
    }

    #[test]
    fn the_prepay_id_is_taken_out_of_the_package() {
        assert_eq!(prepay_id_of("prepay_id=wx1"), Some("wx1"));
        assert_eq!(
            prepay_id_of("prepay_id=wx1&subsidy_period_type=DAILY"),
            Some("wx1")
        );
        assert_eq!(prepay_id_of("wx1"), None);
        assert_eq!(prepay_id_of("prepay_id="), None);
    }
}

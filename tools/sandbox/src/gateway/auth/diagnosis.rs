//! Why a signature does not fit, found out by the signature doctor.
//!
//! The doctor looks only after the gateway's own check has refused: it explains, it does not decide.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::header::HOST;
use wechatpay_core::{crypto::pem, types::SerialNumber};
use wechatpay_doctor::{
    Confidence, Doctor, KeyRole, KnownKey, Label, SIGN_MESSAGE_HEADER, SignedRequest, VerdictKind,
};

use crate::gateway::hints::Diagnosis;
use crate::gateway::{Received, Refusal, auth::authorization::Claim};
use crate::{gateway::Gateway, world::merchants::state::Merchant};

/// Nonces that a client may have signed once more.
pub const EARLIER_NONCES: usize = 20;

/// Adds to a refusal what the doctor found.
pub(crate) fn explain(
    refusal: Refusal,
    gateway: &Gateway,
    (merchant, named): (&Merchant, &SerialNumber),
    received: &Received,
    claim: &Claim,
) -> Refusal {
    let nonces = gateway.nonces.latest(&claim.mchid, EARLIER_NONCES);
    let stated = received
        .header(SIGN_MESSAGE_HEADER)
        .and_then(|text| STANDARD.decode(text).ok());
    let mut request = SignedRequest::new(
        received.method.as_str(),
        &received.target,
        &claim.timestamp,
        &claim.nonce,
        &received.signed,
        &claim.signature,
    )
    .earlier_nonces(nonces.iter().map(String::as_str));
    if let Some(host) = received.header(HOST.as_str()) {
        request = request.host(host);
    }
    if received.is_upload {
        request = request.whole_form(&received.body);
    }
    if let Some(stated) = &stated {
        request = request.claimed(stated);
    }
    let verdict = doctor(gateway, merchant.mchid.as_str(), Some(named)).request(&request);
    if verdict.kind() == VerdictKind::SignatureFits {
        return refusal;
    }
    let refusal = match verdict.codes().next() {
        Some(code) if verdict.confidence() == Confidence::Proven => refusal.cause(code),
        _ => refusal,
    };
    let report = serde_json::to_value(verdict.report()).unwrap_or_default();
    let text = verdict.report().to_string();
    refusal.hint(Diagnosis::new(&verdict)).explanation(report, text)
}

/// Lists candidate keys: the expected one first, then those easily taken for it.
///
/// Without a named key, the expected one is any of the merchant's own that is not revoked.
pub fn doctor(gateway: &Gateway, mchid: &str, named: Option<&SerialNumber>) -> Doctor {
    let mut doctor = Doctor::new();
    for owner in gateway.world.merchants.iter() {
        for key in &owner.keys {
            let is_named = named.map_or(!key.is_revoked, |serial| *serial == key.serial);
            let role = match owner.mchid.as_str() == mchid {
                true if is_named => KeyRole::Expected,
                true => KeyRole::SameHolder,
                false => KeyRole::OtherMerchant,
            };
            let label = certificate_label(&key.serial, owner.mchid.as_str());
            if let Ok(key) = KnownKey::new(label, &key.public_key_info) {
                doctor = doctor.key(role, key);
            }
        }
    }
    let platform = pem::public_key_info(&gateway.platform.public_key_pem())
        .and_then(|info| KnownKey::new(Label::new("the WeChat Pay public key", "微信支付公钥"), &info));
    match platform {
        Ok(key) => doctor.key(KeyRole::Platform, key),
        Err(_) => doctor,
    }
}

/// Label of a merchant's certificate.
pub fn certificate_label(serial: &SerialNumber, mchid: &str) -> Label {
    Label::new(
        format!("certificate {serial} of merchant {mchid}"),
        format!("商户 {mchid} 的证书 {serial}"),
    )
}

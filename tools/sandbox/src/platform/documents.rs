//! Certificates as merchants get them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use wechatpay_core::{
    crypto::{Aead, OpenError, SigningFailed},
    types::SerialNumber,
};

use super::{Platform, certificate::PlatformCertificate, validity::Validity};
use crate::{
    faults::Fault,
    world::{clock::rfc3339, random::Ids},
};

/// Associated data of a sealed certificate.
const ASSOCIATED_DATA: &str = "certificate";

/// A merchant's API certificate, for `apiclient_cert.pem`.
pub(crate) fn issue_merchant_certificate(
    platform: &Platform,
    mchid: &str,
    serial: &SerialNumber,
    public_key_info: &[u8],
) -> Result<String, SigningFailed> {
    platform.issuer().issue(
        serial,
        mchid,
        Validity::for_a_year(platform.clocks()),
        public_key_info,
    )
}

/// The body of `GET /v3/certificates` for the merchant that holds this APIv3 key.
pub(crate) fn sealed_list(
    platform: &Platform,
    aead: &dyn Aead,
    fault: Option<Fault>,
    ids: &Ids,
) -> Result<Bytes, OpenError> {
    let entries = platform.with_certificates(|set, issuer| {
        let signer = set.signer();
        let mut listed: Vec<&PlatformCertificate> = set.listed().collect();
        let expired;
        match fault {
            Some(Fault::CertsReversed) => listed.reverse(),
            Some(Fault::CertsWithoutSigner) => {
                listed.retain(|certificate| signer.as_str() != certificate.serial.as_str());
            }
            Some(Fault::CertsExpired) => {
                let ended = Validity::ended(platform.clocks());
                expired = listed
                    .iter()
                    .filter_map(|certificate| issuer.renewed(certificate, ended).ok())
                    .collect::<Vec<_>>();
                listed = expired.iter().collect();
            }
            _ => {}
        }
        listed
            .into_iter()
            .map(|certificate| sealed_entry(certificate, aead, ids))
            .collect::<Result<Vec<Value>, _>>()
    })?;
    Ok(Bytes::from(json!({ "data": entries }).to_string()))
}

fn sealed_entry(certificate: &PlatformCertificate, aead: &dyn Aead, ids: &Ids) -> Result<Value, OpenError> {
    let nonce = ids.sealing_nonce();
    let sealed = aead.seal(
        nonce.as_bytes(),
        ASSOCIATED_DATA.as_bytes(),
        certificate.pem.clone().into_bytes(),
    )?;
    Ok(json!({
        "serial_no": certificate.serial.as_str(),
        "effective_time": rfc3339(certificate.not_before),
        "expire_time": rfc3339(certificate.not_after),
        "encrypt_certificate": {
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": nonce,
            "associated_data": ASSOCIATED_DATA,
            "ciphertext": STANDARD.encode(sealed),
        },
    }))
}

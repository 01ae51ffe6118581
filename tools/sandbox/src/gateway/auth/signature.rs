//! Checks the signature of a request, step by step in the order of the platform.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechatpay_core::types::SerialNumber;

use crate::gateway::hints::{Side, SignatureHint};
use crate::gateway::{
    Notes, Received, Refusal,
    auth::{
        authorization::{self, Claim, Unreadable},
        diagnosis,
    },
    codes,
};
use crate::{
    gateway::Gateway,
    gateway::traffic::Verdict,
    world::{lints::Finding, merchants::state::Merchant},
};

/// Allowed difference of a timestamp in either direction, in seconds.
const WINDOW_SECONDS: u64 = 300;
/// Bytes of the body that the response to a bad signature repeats.
const BODY_EXCERPT: usize = 8;
/// Shorter nonces are easy to guess.
const NONCE_LENGTH: usize = 16;

/// Authenticates the sender of a request.
///
/// Failures become a 401, which is never signed.
pub(crate) fn check(
    gateway: &Gateway,
    received: &Received,
    notes: &mut Notes,
) -> Result<(Arc<Merchant>, SerialNumber), Refusal> {
    let claim = authorization::read(&received.headers).map_err(|problem| {
        notes.verdict = match problem {
            Unreadable::OtherScheme => Verdict::OtherScheme,
            _ => Verdict::AuthorizationMalformed,
        };
        let issue = match problem {
            Unreadable::OtherScheme => "unsupported scheme",
            _ => "malformed authorization",
        };
        refuse("authorization", issue)
            .detail(
                "sign_information",
                json!({ "method": received.method.as_str(), "url": received.target }),
            )
            .hint(problem)
    })?;
    check_timestamp(gateway, received, &claim, notes)?;
    let Some(merchant) = gateway.world.merchants.get(&claim.mchid) else {
        notes.verdict = Verdict::MerchantUnknown;
        return Err(
            refuse_claim("mchid", "merchant not found", received, &claim).hint(SignatureHint::NoMerchant {
                known: gateway
                    .world
                    .merchants
                    .originals()
                    .map(|merchant| merchant.mchid.to_string())
                    .collect(),
            }),
        );
    };
    let key = SerialNumber::parse(&claim.serial)
        .ok()
        .and_then(|serial| merchant.key(&serial));
    let Some(key) = key else {
        notes.verdict = Verdict::SerialUnknown;
        return Err(
            refuse_claim("serial_no", "certificate not found", received, &claim).hint(
                SignatureHint::NoCertificate {
                    valid: serials(&merchant),
                },
            ),
        );
    };
    if key.is_revoked {
        notes.verdict = Verdict::CertificateRevoked;
        let refusal = refuse_claim("serial_no", "certificate revoked", received, &claim);
        return Err(refusal.cause("certificate-revoked").hint(SignatureHint::Revoked {
            valid: serials(&merchant),
        }));
    }
    let fits = STANDARD
        .decode(&claim.signature)
        .is_ok_and(|signature| key.public.verify(&message(received, &claim), &signature).is_ok());
    if !fits {
        notes.verdict = Verdict::SignatureMismatch;
        let refusal = refuse_claim("signature", "sign not match", received, &claim);
        return Err(diagnosis::explain(
            refusal,
            gateway,
            (&merchant, &key.serial),
            received,
            &claim,
        ));
    }
    notes.verdict = Verdict::Good;
    notes.mchid = Some(claim.mchid.clone());
    if claim.nonce.len() < NONCE_LENGTH {
        notes.lint(Finding::NonceShort {
            length: claim.nonce.len(),
        })?;
    }
    if !gateway.nonces.is_new(&claim.mchid, &claim.nonce) {
        notes.lint(Finding::NonceReused)?;
    }
    let serial = key.serial.clone();
    Ok((merchant, serial))
}

/// The refusal of a request that names another merchant inside than in `Authorization`.
pub(crate) fn other_merchant(notes: &mut Notes, field: &str) -> Refusal {
    notes.verdict = Verdict::OtherMerchant;
    refuse("mchid", "mchid not match")
        .cause("other-merchant")
        .hint(SignatureHint::OtherMerchant {
            field: field.to_owned(),
        })
}

fn check_timestamp(
    gateway: &Gateway,
    received: &Received,
    claim: &Claim,
    notes: &mut Notes,
) -> Result<(), Refusal> {
    let now = gateway.platform.wire_clock.now();
    let is_number = claim.timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let Some(timestamp) = claim.timestamp.parse::<i64>().ok().filter(|_| is_number) else {
        notes.verdict = Verdict::AuthorizationMalformed;
        return Err(refuse_claim("timestamp", "malformed timestamp", received, claim)
            .hint(SignatureHint::NoTimestamp));
    };
    let distance = now.abs_diff(timestamp);
    if distance <= WINDOW_SECONDS {
        return Ok(());
    }
    let refusal = refuse_claim("timestamp", "timestamp expired", received, claim);
    // Thirteen digits are milliseconds until the year 2286.
    if claim.timestamp.len() == 13 && now.abs_diff(timestamp / 1000) <= WINDOW_SECONDS {
        notes.verdict = Verdict::TimestampInMilliseconds;
        return Err(refusal
            .cause("timestamp-in-milliseconds")
            .hint(SignatureHint::Milliseconds));
    }
    notes.verdict = Verdict::TimestampOff;
    let side = if timestamp < now {
        Side::Behind
    } else {
        Side::Ahead
    };
    Err(refusal.hint(SignatureHint::TimestampOff {
        distance,
        side,
        allowed: WINDOW_SECONDS,
    }))
}

/// The five lines, each with its line end, in parts.
pub(crate) fn message<'a>(received: &'a Received, claim: &'a Claim) -> [&'a [u8]; 10] {
    let end = b"\n".as_slice();
    [
        received.method.as_str().as_bytes(),
        end,
        received.target.as_bytes(),
        end,
        claim.timestamp.as_bytes(),
        end,
        claim.nonce.as_bytes(),
        end,
        &received.signed,
        end,
    ]
}

fn refuse(field: &str, issue: &str) -> Refusal {
    Refusal::unsigned(codes::SIGN_ERROR)
        .detail("field", json!(field))
        .detail("location", json!("authorization"))
        .detail("detail", json!({ "issue": issue }))
}

fn refuse_claim(field: &str, issue: &str, received: &Received, claim: &Claim) -> Refusal {
    refuse(field, issue).detail("sign_information", sign_information(received, claim))
}

/// The text that the gateway verified, cut a few bytes into the body.
fn sign_information(received: &Received, claim: &Claim) -> Value {
    let length: usize = message(received, claim).iter().map(|part| part.len()).sum();
    let excerpt = received.signed.get(..BODY_EXCERPT).unwrap_or(&received.signed);
    let method = received.method.as_str();
    let truncated = format!(
        "{method}\n{}\n{}\n{}\n{}\n",
        received.target,
        claim.timestamp,
        claim.nonce,
        String::from_utf8_lossy(excerpt),
    );
    json!({
        "method": method,
        "url": received.target,
        "sign_message_length": length,
        "truncated_sign_message": truncated,
    })
}

fn serials(merchant: &Merchant) -> Vec<String> {
    merchant.valid_keys().map(|key| key.serial.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::vectors;

    #[test]
    fn the_published_sample_of_a_request_fits() {
        let received = Received {
            method: http::Method::POST,
            target: "/v3/pay/transactions/jsapi".into(),
            headers: http::HeaderMap::new(),
            body: vectors::REQUEST_BODY.into(),
            signed: vectors::REQUEST_BODY.into(),
            is_upload: false,
        };
        let claim = Claim {
            timestamp: "1554208460".into(),
            nonce: vectors::NONCE.into(),
            signature: vectors::REQUEST_SIGNATURE.into(),
            ..Claim::default()
        };
        let signature = STANDARD.decode(&claim.signature).unwrap();
        let key = vectors::merchant_key();
        assert!(key.verify(&message(&received, &claim), &signature).is_ok());
        let information = sign_information(&received, &claim);
        assert!(
            information["truncated_sign_message"]
                .as_str()
                .unwrap()
                .ends_with("\n{\"appid\"\n")
        );
    }
}

//! Signs what goes out: responses and notifications, well or, on purpose, badly.

use bytes::Bytes;
use wechatpay_core::{sign::SignError, types::KeyId};

use crate::{
    faults::Fault,
    platform::{CompletedSignature, Platform, SigningKey, sign},
    world::random::Ids,
};

/// Age of a stale message's signature, in seconds.
const STALE_SECONDS: i64 = 600;
/// Behind its prefix, a probe is as long as a real signature.
const PROBE_NOISE: usize = 325;

/// A body with what proves it.
pub(crate) struct Signed {
    pub(crate) signature: CompletedSignature,
    pub(crate) body: Bytes,
}

/// Signs `body`; a fault makes signature and body, time or key differ.
pub(crate) async fn signed(
    platform: &Platform,
    key: &SigningKey,
    body: Bytes,
    fault: Option<Fault>,
    ids: &Ids,
) -> Result<Signed, SignError> {
    let now = platform.wire_clock.now();
    let timestamp = match fault {
        Some(Fault::StaleTimestamp) => now.saturating_sub(STALE_SECONDS),
        Some(Fault::Skew(seconds)) => now.saturating_add(seconds),
        _ => now,
    };
    let text = match fault {
        // What a proxy makes of a body that it reads and writes anew.
        Some(Fault::SignedOtherBody) => [body.as_ref(), b"\n"].concat().into(),
        _ => body.clone(),
    };
    let slowly = platform.signs_slowly();
    let foreign;
    let signer = match fault {
        Some(Fault::OtherKey) => {
            foreign = platform.foreign_key(key);
            &foreign
        }
        _ => key,
    };
    let mut signature = sign(signer, slowly, timestamp, ids.nonce(), text).await?;
    match fault {
        Some(Fault::BadSignature) => signature.value = damaged(&signature.value),
        Some(Fault::SignatureProbe) => signature.value = probe(ids),
        Some(Fault::UnknownSerial) => signature.key_id = unknown_serial(&key.id),
        _ => {}
    }
    let body = match fault {
        Some(Fault::ChangedBody) => spoiled(&body),
        _ => body,
    };
    Ok(Signed { signature, body })
}

/// A deliberately wrong signature like the platform's: prefix and length of a real one.
pub(crate) fn probe(ids: &Ids) -> String {
    format!("WECHATPAY/SIGNTEST/{}", ids.signature_noise(PROBE_NOISE))
}

/// The same with one letter changed, still base64.
fn damaged(signature: &str) -> String {
    let middle = signature.len() / 2;
    signature
        .char_indices()
        .map(|(index, letter)| match letter {
            'A' if index == middle => 'B',
            _ if index == middle => 'A',
            _ => letter,
        })
        .collect()
}

/// An id of the same kind that nobody has.
fn unknown_serial(id: &KeyId) -> String {
    let id = id.as_str();
    let last = if id.ends_with('7') { '8' } else { '7' };
    let mut other: String = id.chars().take(id.len().saturating_sub(1)).collect();
    other.push(last);
    other
}

/// Changes the last byte of the body that may differ without breaking JSON.
fn spoiled(body: &Bytes) -> Bytes {
    if body.is_empty() {
        return Bytes::from_static(b" ");
    }
    let mut spoiled = body.to_vec();
    let letter = spoiled.iter_mut().rev().find(|byte| byte.is_ascii_alphanumeric());
    if let Some(letter) = letter {
        *letter = if *letter == b'1' { b'2' } else { b'1' };
    }
    spoiled.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_keeps_its_shape() {
        assert_eq!(damaged("xxxx"), "xxAx");
        assert_eq!(damaged("xxAx"), "xxBx");
        assert_eq!(spoiled(&Bytes::from_static(b"{\"a\":1}")), "{\"a\":2}");
        assert_eq!(spoiled(&Bytes::new()), " ");
        let id = KeyId::parse("PUB_KEY_ID_0119000000012026010500000000007").unwrap();
        assert_eq!(unknown_serial(&id), "PUB_KEY_ID_0119000000012026010500000000008");
    }
}

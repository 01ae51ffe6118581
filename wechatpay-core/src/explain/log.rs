//! What the library's own verification says at debug level.

use super::{Doctor, KeyRole, KnownKey, Limits, SignedAnswer};
use crate::{base64, keys::PlatformKey};

/// Logs why the signature of an answer or notification does not fit, without a word of the message. Nothing is computed
/// while nobody listens, and never much: who sends nonsense may not keep the processor busy.
pub(crate) fn refused(key: &PlatformKey, lines: &[u8], body: &[u8], signature: Option<&[u8]>) {
    if !tracing::enabled!(target: "wechatpay::explain", tracing::Level::DEBUG) {
        return;
    }
    let Ok(known) = KnownKey::new(key.id().to_string(), key.public_key_info()) else {
        return;
    };
    let lines = String::from_utf8_lossy(lines);
    let (timestamp, nonce) = lines.trim_end().split_once('\n').unwrap_or_default();
    let signature = base64::encode(signature.unwrap_or_default());
    let doctor = Doctor::new()
        .key(KeyRole::Expected, known)
        .limits(Limits::frugal());
    let verdict = doctor.answer(&SignedAnswer::new(timestamp, nonce, body, &signature));
    tracing::debug!(
        target: "wechatpay::explain",
        key = %key.id(),
        verdict = verdict.kind().code(),
        confidence = verdict.confidence().code(),
        "{verdict}"
    );
}

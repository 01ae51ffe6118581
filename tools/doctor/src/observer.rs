//! Doctor as an observer of a verifier.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use wechatpay_core::verify::{InvalidSignature, Observer};

use super::{Doctor, KeyRole, KnownKey, Limits, SignedResponse};

/// Logs the reason why a signature does not match.
///
/// The verdict is logged at debug level under the target `wechatpay::doctor`, without text of the message. The key that
/// the message names is [`KeyRole::Expected`], and the doctor's own keys are tried too. The search is
/// [frugal](Limits::frugal) unless the doctor has its own [limits](Doctor::limits). Nothing is computed unless that
/// level is enabled.
impl Observer for Doctor {
    fn signature_invalid(&self, message: &InvalidSignature<'_>) {
        if !tracing::enabled!(target: "wechatpay::doctor", tracing::Level::DEBUG) {
            return;
        }
        let (headers, key) = (message.headers(), message.key());
        let Ok(known) = KnownKey::new(key.id().to_string(), key.public_key_info()) else {
            return;
        };
        // The header has exactly ten digits.
        let timestamp = format!("{:010}", headers.timestamp());
        let signature = STANDARD.encode(headers.signature().unwrap_or_default());
        let doctor = self
            .clone()
            .key(KeyRole::Expected, known)
            .limits(self.limits_or(Limits::frugal()));
        let signed = SignedResponse::new(&timestamp, headers.nonce(), message.body(), &signature);
        let verdict = doctor.response(&signed);
        tracing::debug!(
            target: "wechatpay::doctor",
            key = %key.id(),
            verdict = verdict.kind().code(),
            confidence = verdict.confidence().code(),
            "{verdict}"
        );
    }
}

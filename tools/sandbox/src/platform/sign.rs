//! Signing in the platform's name: timestamp, nonce and body, each with a line end.
//!
//! Written apart from the signer of `wechatpay-core`, so that one mistake cannot cancel out another.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use wechatpay_core::sign::SignError;

use super::SigningKey;

/// Value of `Wechatpay-Signature-Type`.
const SIGNATURE_TYPE: &str = "WECHATPAY2-SHA256-RSA2048";

/// A signature and what it was made of, before it is put into headers.
pub(crate) struct CompletedSignature {
    pub(crate) key_id: String,
    pub(crate) timestamp: String,
    pub(crate) nonce: String,
    pub(crate) value: String,
}

impl CompletedSignature {
    /// Writes the five headers.
    pub(crate) fn write_to(&self, headers: &mut HeaderMap) {
        let pairs = [
            ("wechatpay-timestamp", self.timestamp.as_str()),
            ("wechatpay-nonce", &self.nonce),
            ("wechatpay-serial", &self.key_id),
            ("wechatpay-signature", &self.value),
            ("wechatpay-signature-type", SIGNATURE_TYPE),
        ];
        for (name, value) in pairs {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Signs `body` as of `timestamp`, on a blocking thread when the backend is slow.
///
/// Dropping the future drops the signature; nothing else was changed.
pub(crate) async fn sign(
    key: &SigningKey,
    slowly: bool,
    timestamp: i64,
    nonce: String,
    body: Bytes,
) -> Result<CompletedSignature, SignError> {
    let timestamp = timestamp.to_string();
    let head = head(&timestamp, &nonce);
    let signature = if slowly {
        let key = Arc::clone(&key.key);
        tokio::task::spawn_blocking(move || key.sign(&[head.as_bytes(), &body, b"\n"]))
            .await
            .map_err(|_| SignError::Shutdown)??
    } else {
        key.key.sign(&[head.as_bytes(), &body, b"\n"])?
    };
    Ok(CompletedSignature {
        key_id: key.id.as_str().to_owned(),
        timestamp,
        nonce,
        value: STANDARD.encode(signature),
    })
}

/// The first two lines; the body and its line end follow.
fn head(timestamp: &str, nonce: &str) -> String {
    format!("{timestamp}\n{nonce}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::vectors;

    #[test]
    fn the_published_sample_of_an_answer_fits() {
        let head = head("1722850421", "d824f2e086d3c1df967785d13fcd22ef");
        let signature = STANDARD.decode(vectors::ANSWER_SIGNATURE).unwrap();
        let message: [&[u8]; 3] = [head.as_bytes(), vectors::ANSWER_BODY.as_bytes(), b"\n"];
        assert!(vectors::platform_key().verify(&message, &signature).is_ok());
    }
}

//! The body of a notification: an envelope around a sealed resource.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::json;
use wechatpay_core::crypto::{Aead, OpenError};

use super::Notification;
use crate::{ids::Ids, state::transaction::rfc3339};

/// Seals the resource anew: two attempts share id and content, and not a byte of ciphertext.
pub(super) fn body(notification: &Notification, aead: &dyn Aead, ids: &Ids) -> Result<Bytes, OpenError> {
    let nonce = ids.sealing_nonce();
    let kind = notification.original_type;
    let plaintext = notification.resource.as_bytes().to_vec();
    let associated_data = notification.associated_data;
    let sealed = aead.seal(nonce.as_bytes(), associated_data.as_bytes(), plaintext)?;
    let envelope = json!({
        "id": notification.id,
        "create_time": rfc3339(notification.created_at),
        "resource_type": "encrypt-resource",
        "event_type": notification.event_type,
        "summary": notification.summary,
        "resource": {
            "original_type": kind,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": STANDARD.encode(sealed),
            "associated_data": associated_data,
            "nonce": nonce,
        },
    });
    Ok(envelope.to_string().into())
}

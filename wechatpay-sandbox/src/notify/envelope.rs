//! The body of a notification: an envelope around a sealed resource.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value, json};
use wechatpay_core::crypto::{Aead, OpenError};

use super::Notification;
use crate::{
    faults::{self, Fault, Fired},
    ids::Ids,
    state::transaction::rfc3339,
};

/// What fills an oversized body.
const PADDING: usize = 2 * 1024 * 1024;

/// Seals the resource anew: two attempts share id and content, and not a byte of ciphertext.
pub(super) fn body(
    notification: &Notification,
    aead: &dyn Aead,
    fired: &Fired,
    ids: &Ids,
) -> Result<Bytes, OpenError> {
    let nonce = ids.sealing_nonce();
    let associated_data = &notification.associated_data;
    let plaintext = resource(notification, fired);
    let sealed = aead.seal(
        nonce.as_bytes(),
        associated_data.as_bytes(),
        plaintext.into_bytes(),
    )?;
    let mut envelope = json!({
        "id": notification.id,
        "create_time": rfc3339(notification.created_at),
        "resource_type": "encrypt-resource",
        "event_type": notification.event_type,
        "summary": notification.summary,
        "resource": {
            "original_type": notification.original_type,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": STANDARD.encode(sealed),
            "associated_data": associated_data,
            "nonce": nonce,
        },
    });
    if let Some(object) = envelope.as_object_mut() {
        match fired.envelope() {
            Some(Fault::UnknownEvent) => {
                object.insert("event_type".to_owned(), json!("SANDBOX.UNKNOWN"));
            }
            Some(Fault::Oversized) => {
                object.insert("sandbox_padding".to_owned(), json!("x".repeat(PADDING)));
            }
            _ => {}
        }
    }
    Ok(envelope.to_string().into())
}

/// What is sealed, as it is or spoiled.
fn resource(notification: &Notification, fired: &Fired) -> String {
    let spoiled = fired.content().and_then(|fault| {
        let mut json: Value = serde_json::from_str(&notification.resource).ok()?;
        faults::spoil(fault, &mut json);
        Some(json.to_string())
    });
    spoiled.unwrap_or_else(|| notification.resource.clone())
}

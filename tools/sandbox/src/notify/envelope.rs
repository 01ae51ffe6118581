//! The body of a notification: an envelope around a sealed resource.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};
use wechatpay_core::crypto::Aead;

use super::Notification;
use crate::{
    faults::{self, Fault, Fired},
    world::{clock::rfc3339, random::Ids},
};

/// Padding of an oversized body.
const PADDING: usize = 2 * 1024 * 1024;

/// The envelope, its members in the platform's order.
#[derive(Serialize)]
pub(crate) struct Envelope<'a> {
    id: &'a str,
    create_time: String,
    resource_type: &'static str,
    event_type: &'a str,
    summary: &'a str,
    resource: Sealed<'a>,
    /// Members that the platform does not have.
    #[serde(flatten)]
    pub(crate) extra: Map<String, Value>,
}

/// The sealed resource, its members in the platform's order.
#[derive(Serialize)]
pub(crate) struct Sealed<'a> {
    original_type: &'a str,
    algorithm: &'static str,
    ciphertext: String,
    associated_data: &'a str,
    nonce: String,
}

impl<'a> Envelope<'a> {
    pub(crate) fn new(
        id: &'a str,
        created_at: i64,
        event_type: &'a str,
        summary: &'a str,
        resource: Sealed<'a>,
    ) -> Self {
        Self {
            id,
            create_time: rfc3339(created_at),
            resource_type: "encrypt-resource",
            event_type,
            summary,
            resource,
            extra: Map::new(),
        }
    }

    pub(crate) fn bytes(&self) -> serde_json::Result<Bytes> {
        serde_json::to_vec(self).map(Bytes::from)
    }
}

impl<'a> Sealed<'a> {
    pub(crate) fn new(
        original_type: &'a str,
        associated_data: &'a str,
        ciphertext: &[u8],
        nonce: String,
    ) -> Self {
        Self {
            original_type,
            algorithm: "AEAD_AES_256_GCM",
            ciphertext: STANDARD.encode(ciphertext),
            associated_data,
            nonce,
        }
    }
}

/// Encrypts the resource anew.
///
/// Two attempts share id and content, and no byte of ciphertext. `None` if encryption fails.
pub(super) fn body(notification: &Notification, aead: &dyn Aead, fired: &Fired, ids: &Ids) -> Option<Bytes> {
    let nonce = ids.sealing_nonce();
    let associated_data = &notification.associated_data;
    let sealed = aead
        .seal(
            nonce.as_bytes(),
            associated_data.as_bytes(),
            resource(notification, fired).into_bytes(),
        )
        .ok()?;
    let event_type = match fired.envelope() {
        Some(Fault::UnknownEvent) => "SANDBOX.UNKNOWN",
        _ => &notification.event_type,
    };
    let resource = Sealed::new(&notification.original_type, associated_data, &sealed, nonce);
    let mut envelope = Envelope::new(
        &notification.id,
        notification.created_at,
        event_type,
        &notification.summary,
        resource,
    );
    if fired.envelope() == Some(Fault::Oversized) {
        envelope
            .extra
            .insert("sandbox_padding".to_owned(), json!("x".repeat(PADDING)));
    }
    envelope.bytes().ok()
}

/// The plaintext, unchanged or spoiled.
fn resource(notification: &Notification, fired: &Fired) -> String {
    let spoiled = fired.content().and_then(|fault| {
        let mut json: Value = serde_json::from_str(&notification.resource).ok()?;
        faults::spoil(fault, &mut json);
        Some(json.to_string())
    });
    spoiled.unwrap_or_else(|| notification.resource.clone())
}

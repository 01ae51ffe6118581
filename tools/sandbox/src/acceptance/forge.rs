//! Makes notifications, genuine and with one thing wrong.

use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;
use wechatpay_core::crypto::Aead;

use super::AcceptanceError;
use crate::{
    handle::engine::Engine,
    notify::{Envelope, Sealed, headers},
    platform::signing::probe,
    platform::{CompletedSignature, SigningKey, sign},
    world::{merchants::state::Merchant, random::Ids},
};

/// Content of one notification, and how it is encrypted and signed.
#[derive(Clone)]
pub(super) struct Notice {
    pub(super) id: String,
    pub(super) event_type: &'static str,
    pub(super) original_type: &'static str,
    pub(super) resource: Value,
    /// Additional members of the envelope.
    pub(super) extra: Option<(&'static str, Value)>,
    pub(super) aead: Arc<dyn Aead>,
    pub(super) key: SigningKey,
    /// Seconds between the signature's time and now.
    pub(super) skew: i64,
}

/// A notification as it is sent.
#[derive(Clone)]
pub(super) struct Delivery {
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Notice {
    pub(super) fn payment(engine: &Engine, merchant: &Merchant, key: SigningKey, resource: Value) -> Self {
        Self {
            id: engine.world.ids.uuid(),
            event_type: "TRANSACTION.SUCCESS",
            original_type: "transaction",
            resource,
            extra: None,
            aead: Arc::clone(&merchant.aead),
            key,
            skew: 0,
        }
    }

    pub(super) fn refund(engine: &Engine, merchant: &Merchant, key: SigningKey, resource: Value) -> Self {
        Self {
            event_type: "REFUND.SUCCESS",
            original_type: "refund",
            ..Self::payment(engine, merchant, key, resource)
        }
    }

    /// Seals and signs: each time with another nonce, as the platform does.
    pub(super) async fn made(&self, engine: &Engine) -> Result<Delivery, AcceptanceError> {
        let body = self.body(engine)?;
        let signature = self.signature(engine, body.clone()).await?;
        Ok(Delivery::new(&signature, body, &engine.world.ids))
    }

    /// Builds the notification with a deliberately wrong signature, like the platform's probes (应答探测).
    pub(super) async fn as_probe(&self, engine: &Engine) -> Result<Delivery, AcceptanceError> {
        let body = self.body(engine)?;
        let mut signature = self.signature(engine, body.clone()).await?;
        signature.value = probe(&engine.world.ids);
        Ok(Delivery::new(&signature, body, &engine.world.ids))
    }

    /// The same with a serial that nobody has.
    pub(super) async fn with_unknown_serial(&self, engine: &Engine) -> Result<Delivery, AcceptanceError> {
        let body = self.body(engine)?;
        let mut signature = self.signature(engine, body.clone()).await?;
        signature.key_id = "7777777777777777777777777777777777777777".to_owned();
        Ok(Delivery::new(&signature, body, &engine.world.ids))
    }

    fn body(&self, engine: &Engine) -> Result<Bytes, AcceptanceError> {
        let nonce = engine.world.ids.sealing_nonce();
        let plaintext = self.resource.to_string().into_bytes();
        let sealed = self
            .aead
            .seal(nonce.as_bytes(), self.original_type.as_bytes(), plaintext)
            .map_err(|_| AcceptanceError::Cryptography)?;
        let resource = Sealed::new(self.original_type, self.original_type, &sealed, nonce);
        let mut envelope = Envelope::new(
            &self.id,
            engine.world.clock.now(),
            self.event_type,
            "支付成功",
            resource,
        );
        if let Some((key, value)) = &self.extra {
            envelope.extra.insert((*key).to_owned(), value.clone());
        }
        envelope.bytes().map_err(|_| AcceptanceError::Cryptography)
    }

    async fn signature(&self, engine: &Engine, body: Bytes) -> Result<CompletedSignature, AcceptanceError> {
        let at = engine.platform.wire_clock.now().saturating_add(self.skew);
        let slowly = engine.platform.signs_slowly();
        sign(&self.key, slowly, at, engine.world.ids.nonce(), body)
            .await
            .map_err(|_| AcceptanceError::Cryptography)
    }
}

impl Delivery {
    fn new(signature: &CompletedSignature, body: Bytes, ids: &Ids) -> Self {
        Self {
            headers: headers(Some(signature), ids),
            body,
        }
    }

    /// Changes one letter of the ciphertext, so that the body stays JSON.
    pub(super) fn changed(mut self) -> Self {
        const FIELD: &[u8] = b"\"ciphertext\":\"";
        let mut body = self.body.to_vec();
        let at = body.windows(FIELD.len()).position(|window| window == FIELD);
        if let Some(letter) = at.and_then(|at| body.get_mut(at.saturating_add(FIELD.len()))) {
            *letter = if *letter == b'A' { b'B' } else { b'A' };
        }
        self.body = body.into();
        self
    }

    pub(super) fn without(mut self, header: &str) -> Self {
        self.headers.remove(header);
        self
    }
}

//! Genuine platform messages, signed with a key loaded once.

use std::{fmt::Debug, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use wechatpay_core::{
    Clock,
    api::Endpoint,
    crypto::PrivateKey,
    notify::{NotificationError, NotificationReceiver, VerifiedNotification},
    testing::FakePlatform,
    types::KeyId,
    verify::Verifier,
};

const NOW: i64 = 1_704_083_696;

pub(crate) struct Platform {
    fake: FakePlatform,
    id: KeyId,
    key: Arc<dyn PrivateKey>,
    verifier: Verifier,
    receiver: NotificationReceiver,
}

impl Platform {
    pub(crate) fn new() -> Self {
        let fake = FakePlatform::new().clock(Clock::fixed(NOW));
        let (id, key) = fake.signing_key();
        Self {
            verifier: Verifier::new(fake.key_store()).clock(Clock::fixed(NOW)),
            receiver: fake.receiver(),
            fake,
            id,
            key,
        }
    }

    /// Verifies and reads a signed response; true if members were left out.
    pub(crate) async fn respond<E: Endpoint>(&self, body: &Value) -> Result<(E::Response, bool), String> {
        let body = Bytes::from(body.to_string());
        let nonce = "593BEC0C930BF1AFEB40B4A08C8FB242";
        let headers = FakePlatform::sign_with(&self.id, self.key.as_ref(), &NOW.to_string(), nonce, &body);
        let pairs = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()));
        let pending = self.verifier.begin(pairs).unwrap();
        let verified = pending.key().await.unwrap().verify(body).unwrap();
        match verified.json::<E::Response>() {
            Ok(response) => {
                let left_out = !response.unread().is_empty();
                Ok((response.into_inner(), left_out))
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Verifies an encrypted and signed notification.
    pub(crate) async fn notify(
        &self,
        event: &str,
        original_type: &str,
        resource: &Value,
    ) -> Result<VerifiedNotification, NotificationError> {
        let delivery = self
            .fake
            .delivery(event, original_type, resource)
            .signed_by(self.id.clone(), Arc::clone(&self.key))
            .build();
        let pending = self.receiver.begin(&delivery.method, delivery.pairs()).unwrap();
        pending.ready().await.unwrap().finish(delivery.body.clone())
    }
}

/// Returns true if a documented value is kept as `Other`.
pub(crate) fn has_unnamed(response: &impl Debug, value: &str) -> bool {
    format!("{response:?}").contains(&format!("Other({value:?})"))
}

//! Every notification, taken once.

use wechatpay_core::{
    idempotency::IdempotencyError,
    notify::{Ack, AnyResource, Nack, Notification},
    watch::News,
};

use crate::{error::with_causes, event::ShopEvent, learned::NotTaken, shop::Shop};

impl Shop {
    /// `POST /wechatpay/notify`: every notification, verified and decrypted, of any kind.
    ///
    /// # Errors
    /// The `Nack` for the framework's response; the platform then sends again.
    pub async fn notified(&self, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
        let id = notification.id().to_owned();
        let event_type = notification.event_type().to_string();
        let Ok(news) = News::of(notification) else {
            // To acknowledge it would lose it without a trace.
            tracing::warn!(target: "shop", event_type, "a notification that nobody handles");
            self.tell(ShopEvent::Unhandled { event_type });
            return Err(Nack::failed());
        };
        match self.learn(news).await {
            Ok(()) => Ok(Ack),
            Err(IdempotencyError::Handler(reason)) => Err(match reason {
                NotTaken::Unhandled { .. } | NotTaken::UnknownOrder { .. } => Nack::failed(),
                NotTaken::Contradicted { .. } => Nack::mismatch(),
                NotTaken::Overtaken(_) | NotTaken::Store(_) => Nack::unavailable(),
            }),
            Err(IdempotencyError::Contradiction) => Err(Nack::mismatch()),
            Err(error) => {
                // A copy that came while another is being handled is nothing to worry about; a store that is down is.
                match error {
                    IdempotencyError::InProgress { .. } => tracing::debug!(target: "shop", id, "{error}"),
                    _ => tracing::error!(target: "shop", id, "{}", with_causes(&error)),
                }
                Err(error.nack())
            }
        }
    }
}

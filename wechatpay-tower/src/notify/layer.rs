//! The layer.

use tower_layer::Layer;
use wechatpay_core::notify::NotificationReceiver;

use super::Notify;

/// Verifies and decrypts notifications before the service inside sees them.
///
/// Limit and deadline of the body are the receiver's.
#[derive(Clone, Debug)]
pub struct NotificationLayer {
    receiver: NotificationReceiver,
}

impl NotificationLayer {
    /// Receives with this receiver.
    #[must_use]
    pub fn new(receiver: NotificationReceiver) -> Self {
        Self { receiver }
    }
}

impl<S> Layer<S> for NotificationLayer {
    type Service = Notify<S>;

    fn layer(&self, inner: S) -> Notify<S> {
        Notify {
            inner,
            receiver: self.receiver.clone(),
        }
    }
}

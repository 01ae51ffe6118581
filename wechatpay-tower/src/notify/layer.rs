//! The layer.

use std::{fmt, sync::Arc};

use http::request::Parts;
use tower_layer::Layer;
use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};

use super::Notify;

/// Layer that verifies and decrypts notifications before the inner service sees them.
///
/// [The module](super) lists the rules. Limit and deadline of the body are those of the receiver.
#[derive(Clone, Debug)]
pub struct NotificationLayer {
    source: ReceiverSource,
}

impl NotificationLayer {
    /// Receives for one merchant.
    #[must_use]
    pub fn new(receiver: NotificationReceiver) -> Self {
        Self {
            source: ReceiverSource::One(receiver),
        }
    }

    /// Receives for many merchants, named by the last segment of the path.
    ///
    /// An example of such a path is `/notify/{mchid}`. A tower service knows no path parameters; the layer of
    /// `wechatpay-axum` uses the route's `{mchid}`. A handler learns the merchant from
    /// [`VerifiedNotification::receiver`](wechatpay_core::notify::VerifiedNotification::receiver), not from the path.
    #[must_use]
    pub fn many(directory: MerchantReceivers) -> Self {
        Self::many_by(directory, |parts| {
            parts.uri.path().rsplit('/').next().map(ToOwned::to_owned)
        })
    }

    /// Receives for many merchants, named by `select`, for instance from the host.
    ///
    /// `select` runs after the checks of method and headers.
    pub fn many_by(
        directory: MerchantReceivers,
        select: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            source: ReceiverSource::Many {
                directory,
                select: Arc::new(select),
            },
        }
    }
}

impl<S> Layer<S> for NotificationLayer {
    type Service = Notify<S>;

    fn layer(&self, inner: S) -> Notify<S> {
        Notify {
            inner,
            source: self.source.clone(),
        }
    }
}

/// Receiver of one merchant, or a directory of receivers.
#[derive(Clone)]
pub(super) enum ReceiverSource {
    One(NotificationReceiver),
    Many {
        directory: MerchantReceivers,
        select: Arc<dyn Fn(&Parts) -> Option<String> + Send + Sync>,
    },
}

impl fmt::Debug for ReceiverSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(receiver) => receiver.fmt(f),
            Self::Many { directory, .. } => directory.fmt(f),
        }
    }
}

//! The layer.

use std::{fmt, sync::Arc};

use http::request::Parts;
use tower_layer::Layer;
use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};

use super::Notify;

/// Verifies and decrypts notifications before the service inside sees them.
///
/// Limit and deadline of the body are the receiver's.
#[derive(Clone, Debug)]
pub struct NotificationLayer {
    source: ReceiverSource,
}

impl NotificationLayer {
    /// Receives with this receiver.
    #[must_use]
    pub fn new(receiver: NotificationReceiver) -> Self {
        Self {
            source: ReceiverSource::One(receiver),
        }
    }

    /// Receives for many merchants: the last segment of the path names one, as in `/notify/{mchid}`.
    ///
    /// A tower service knows no path parameters; the layer of `wechatpay-axum` takes the route's `{mchid}` first. A handler
    /// that wants to know the merchant asks
    /// [`VerifiedNotification::receiver`](wechatpay_core::notify::VerifiedNotification::receiver), not the path.
    #[must_use]
    pub fn many(directory: MerchantReceivers) -> Self {
        Self::many_by(directory, |parts| {
            parts.uri.path().rsplit('/').next().map(ToOwned::to_owned)
        })
    }

    /// Receives for many merchants: `select` names one by looking at the request, its host for instance. It runs after the
    /// checks of method and headers.
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

/// Where the receiver of a request comes from.
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

//! Layer of axum that receives notifications.

use http::request::Parts;
use tower_layer::Layer;
use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};
use wechatpay_tower::notify::{self, Notify};

/// Verifies and decrypts notifications before the handler runs.
///
/// 1. A request is passed on if method, headers, time, signature, envelope, decryption and merchant are right. The
///    [`Notification`](crate::Notification) extractor takes it from there.
/// 2. Every other request gets its [status](wechatpay_core::notify::NotificationError::status) and does not reach the handler.
/// 3. A handler's 2xx that is not [`Ack`](crate::Ack) becomes 500, with one ERROR line.
///
/// The receiver sets limit and deadline of the body. Add the layer to the route of the notification only; nothing outside of
/// it may read or change the body.
#[derive(Clone, Debug)]
pub struct NotificationLayer(notify::NotificationLayer);

impl NotificationLayer {
    /// Receives with this receiver.
    #[must_use]
    pub fn new(receiver: NotificationReceiver) -> Self {
        Self(notify::NotificationLayer::new(receiver))
    }

    /// Receives for many merchants, named by the route parameter `{mchid}`.
    ///
    /// If the route has no such parameter, the last segment of the path names the merchant.
    ///
    /// In a handler, [`VerifiedNotification::receiver`](wechatpay_core::notify::VerifiedNotification::receiver) tells the
    /// merchant, not the path.
    #[cfg(feature = "path")]
    #[must_use]
    pub fn many(directory: MerchantReceivers) -> Self {
        Self::many_by(directory, by_path)
    }

    /// Receives for many merchants, named by `select` from the request, for instance its host.
    ///
    /// It runs after the checks of method and headers.
    pub fn many_by(
        directory: MerchantReceivers,
        select: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self(notify::NotificationLayer::many_by(directory, select))
    }
}

impl<S> Layer<S> for NotificationLayer {
    type Service = Notify<S>;

    fn layer(&self, inner: S) -> Notify<S> {
        self.0.layer(inner)
    }
}

/// The route parameter `{mchid}`, else the last segment of the path.
#[cfg(feature = "path")]
fn by_path(parts: &Parts) -> Option<String> {
    let named = match path_params(parts) {
        Params::Of(params) => params
            .iter()
            .find(|(name, _)| *name == "mchid")
            .map(|(_, value)| value.to_owned()),
        Params::None => None,
        // Parameters that cannot be read may name anybody.
        Params::Unreadable => return None,
    };
    named.or_else(|| parts.uri.path().rsplit('/').next().map(ToOwned::to_owned))
}

#[cfg(feature = "path")]
enum Params {
    Of(axum::extract::RawPathParams),
    None,
    Unreadable,
}

/// Parameters of the matched route.
///
/// Their extractor never waits, so polling it once is enough.
#[cfg(feature = "path")]
fn path_params(parts: &Parts) -> Params {
    use axum::extract::{FromRequestParts as _, RawPathParams, rejection::RawPathParamsRejection};
    use std::{
        pin::pin,
        task::{Context, Poll, Waker},
    };
    let (mut extensions_only, ()) = http::Request::new(()).into_parts();
    extensions_only.extensions = parts.extensions.clone();
    let mut extract = pin!(RawPathParams::from_request_parts(&mut extensions_only, &()));
    match extract.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(params)) => Params::Of(params),
        Poll::Ready(Err(RawPathParamsRejection::MissingPathParams(_))) => Params::None,
        Poll::Ready(Err(_)) | Poll::Pending => Params::Unreadable,
    }
}

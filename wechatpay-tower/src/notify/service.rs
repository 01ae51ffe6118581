//! The service.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer as _;
use tower_service::Service;
use wechatpay_core::{BoxError, notify::NotificationReceiver};

use super::{NotificationLayer, ResponseFuture, layer::ReceiverSource};
use crate::{MaybeBuffered, macros::inner_service_accessors};

/// Service that verifies and decrypts each notification and passes it on.
///
/// `S` must be `Clone`: the body is read before the inner call, so the instance that was polled ready moves into the
/// future and a clone takes its place.
#[derive(Clone, Debug)]
pub struct Notify<S> {
    pub(super) inner: S,
    pub(super) source: ReceiverSource,
}

impl<S> Notify<S> {
    /// Wraps `inner` and receives for one merchant, as [`NotificationLayer::new`] does.
    pub fn new(inner: S, receiver: NotificationReceiver) -> Self {
        NotificationLayer::new(receiver).layer(inner)
    }

    inner_service_accessors!();
}

impl Notify<()> {
    /// Returns the layer that makes this service.
    #[must_use]
    pub fn layer(receiver: NotificationReceiver) -> NotificationLayer {
        NotificationLayer::new(receiver)
    }
}

impl<S, B, R> Service<Request<B>> for Notify<S>
where
    S: Service<Request<MaybeBuffered<B>>, Response = Response<R>> + Clone,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Response = Response<MaybeBuffered<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let clone = self.inner.clone();
        // The clone was never polled ready; the original was.
        let ready = std::mem::replace(&mut self.inner, clone);
        let (parts, body) = request.into_parts();
        let method = parts.method.as_str();
        let pairs = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()));
        match &self.source {
            ReceiverSource::One(receiver) => match receiver.begin(method, pairs) {
                Ok(pending) => ResponseFuture::lookup(ready, pending, parts, body),
                Err(error) => ResponseFuture::rejected(ready, error),
            },
            ReceiverSource::Many { directory, select } => match directory.begin(method, pairs) {
                Ok(pending) => {
                    let find = pending.of(select(&parts).as_deref());
                    ResponseFuture::find(ready, find, parts, body)
                }
                Err(error) => ResponseFuture::rejected(ready, error),
            },
        }
    }
}

//! The service.

use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Request, Response};
use tower_layer::Layer as _;
use tower_service::Service;
use wechatpay_core::{
    idempotency::{Handled, IdempotencyError, IdempotencyStore, Limits, handle},
    notify::{Ack, Nack, VerifiedNotification},
};

use super::IdempotencyLayer;
use crate::{MaybeBuffered, macros::inner_service_accessors};

/// Service that leases a notification, runs the handler and stores its completion.
///
/// `S` must be `Clone`: the lease is acquired before the inner call, so the instance that was polled ready moves into
/// the future and a clone takes its place.
#[derive(Clone, Debug)]
pub struct Idempotency<S> {
    pub(super) inner: S,
    pub(super) store: Arc<dyn IdempotencyStore>,
    pub(super) limits: Limits,
}

impl<S> Idempotency<S> {
    /// Wraps `inner` with the defaults of [`IdempotencyLayer::new`].
    pub fn new(inner: S, store: Arc<dyn IdempotencyStore>) -> Self {
        IdempotencyLayer::new(store).layer(inner)
    }

    inner_service_accessors!();
}

impl Idempotency<()> {
    /// Returns the layer that makes this service.
    #[must_use]
    pub fn layer(store: Arc<dyn IdempotencyStore>) -> IdempotencyLayer {
        IdempotencyLayer::new(store)
    }
}

/// Response extension with the reason why a verified notification was not handled.
///
/// For layers outside to log and count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotHandled(&'static str);

impl NotHandled {
    /// Returns a stable name of the reason; see [`IdempotencyError::code`].
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0
    }
}

/// Response or error of a handler that did not acknowledge.
enum Unacknowledged<R, E> {
    Response(Response<R>),
    Error(E),
}

impl<S, B, R> Service<Request<B>> for Idempotency<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Send + 'static,
    R: Send + 'static,
{
    type Response = Response<MaybeBuffered<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<R, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let clone = self.inner.clone();
        // The clone was never polled ready; the original was.
        let mut ready = std::mem::replace(&mut self.inner, clone);
        let (store, limits) = (Arc::clone(&self.store), self.limits);
        ResponseFuture(Box::pin(async move {
            let Some(notification) = request.extensions().get::<VerifiedNotification>().cloned() else {
                tracing::error!(
                    target: "wechatpay::idempotency",
                    "no verified notification in the request: put NotificationLayer around IdempotencyLayer"
                );
                return Ok(not_handled(Nack::failed(), NotHandled("layer_missing")));
            };
            let outcome = handle(&store, &notification, &limits, |context| {
                request.extensions_mut().insert(context);
                let response = ready.call(request);
                async move {
                    match response.await {
                        Ok(response) if Ack::is_in(&response) => Ok(response),
                        Ok(response) => Err(Unacknowledged::Response(response)),
                        Err(error) => Err(Unacknowledged::Error(error)),
                    }
                }
            });
            match outcome.await {
                Ok(Handled::Now { value: response, .. }) => Ok(response.map(MaybeBuffered::stream)),
                Ok(_) => Ok(Ack.into_response()),
                Err(IdempotencyError::Handler(Unacknowledged::Response(response))) => {
                    Ok(response.map(MaybeBuffered::stream))
                }
                Err(IdempotencyError::Handler(Unacknowledged::Error(error))) => Err(error),
                Err(error) => {
                    let code = error.code();
                    tracing::debug!(target: "wechatpay::idempotency", code, id = notification.id(), "not handled now");
                    Ok(not_handled(error.nack(), NotHandled(code)))
                }
            }
        }))
    }
}

fn not_handled<R>(nack: Nack, reason: NotHandled) -> Response<MaybeBuffered<R>> {
    let mut response = nack.into_response::<MaybeBuffered<R>>();
    response.extensions_mut().insert(reason);
    response
}

/// Response future of [`Idempotency`].
///
/// # Cancel safety
/// Dropping it releases the lease.
#[must_use = "a future does nothing until it is polled"]
pub struct ResponseFuture<R, E>(Pin<Box<dyn Future<Output = Result<Response<MaybeBuffered<R>>, E>> + Send>>);

impl<R, E> Future for ResponseFuture<R, E> {
    type Output = Result<Response<MaybeBuffered<R>>, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl<R, E> fmt::Debug for ResponseFuture<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture(..)")
    }
}

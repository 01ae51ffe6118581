//! Middleware for idempotent handling.

use std::{
    cell::Cell,
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
    sync::Arc,
};

use actix_web::{
    Error, HttpMessage as _,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    error::InternalError,
};
use wechatpay_core::{
    idempotency::{Handled, IdempotencyError, IdempotencyStore, Limits, handle},
    notify::{self, VerifiedNotification},
};

use crate::ack::{acknowledged, is_acknowledged, response};

/// Middleware that handles each notification once.
///
/// Wrap the resource with it *before* [`NotificationMiddleware`](crate::NotificationMiddleware), which then stands outside:
///
/// ```
/// # use std::sync::Arc;
/// use actix_web::web;
/// use wechatpay_actix::{Ack, IdempotencyMiddleware, NotificationMiddleware, NotificationReceiver};
/// use wechatpay_actix::idempotency::MemoryStore;
///
/// fn configure(receiver: NotificationReceiver) -> impl FnOnce(&mut web::ServiceConfig) {
///     let store = Arc::new(MemoryStore::new());
///     let notify = web::resource("/notify")
///         .wrap(IdempotencyMiddleware::new(store))
///         .wrap(NotificationMiddleware::new(receiver))
///         .post(|| async { Ack });
///     move |config| {
///         config.service(notify);
///     }
/// }
/// ```
///
/// 1. A notification that was handled before is acknowledged without the handler.
/// 2. While another handler holds its lease, the response is 409. If the store is unavailable, it is 503.
/// 3. Otherwise the handler runs, with a [`HandlerContext`](wechatpay_core::idempotency::HandlerContext) in the extensions of
///    the request. Its [`Ack`](crate::Ack) is sent after the completion is durable; any other response releases the lease.
#[derive(Clone, Debug)]
pub struct IdempotencyMiddleware {
    store: Arc<dyn IdempotencyStore>,
    limits: Limits,
}

impl IdempotencyMiddleware {
    /// Keeps leases and completions in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn IdempotencyStore>) -> Self {
        Self {
            store,
            limits: Limits::default(),
        }
    }

    /// Sets lease, deadline, budget and retention.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl<S, B> Transform<S, ServiceRequest> for IdempotencyMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = IdempotencyService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(IdempotencyService {
            service: Rc::new(service),
            store: Arc::clone(&self.store),
            limits: self.limits,
        }))
    }
}

/// Service of [`IdempotencyMiddleware`].
#[derive(Debug)]
pub struct IdempotencyService<S> {
    service: Rc<S>,
    store: Arc<dyn IdempotencyStore>,
    limits: Limits,
}

/// Ending of a handler without acknowledgement.
enum Unacknowledged<B> {
    Response(ServiceResponse<B>),
    Error(Error),
}

impl<S, B> Service<ServiceRequest> for IdempotencyService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let (service, store, limits) = (Rc::clone(&self.service), Arc::clone(&self.store), self.limits);
        Box::pin(async move {
            let Some(notification) = request.extensions().get::<VerifiedNotification>().cloned() else {
                tracing::error!(
                    target: "wechatpay::actix",
                    "no verified notification in the request: `.wrap(NotificationMiddleware::…)` after `.wrap(IdempotencyMiddleware::…)`"
                );
                let rejection = response(notify::Nack::failed());
                return Ok(request.into_response(rejection).map_into_right_body());
            };
            // A response of our own needs the request. Nothing may hold on to it while the handler runs: a scope routes
            // only requests that nobody else has.
            let request = Cell::new(Some(request));
            let handled = Cell::new(None);
            let outcome = handle(&store, &notification, &limits, |context| async {
                let Some(request) = request.take() else {
                    return Err(Unacknowledged::Error(actix_web::error::ErrorInternalServerError(
                        "called twice",
                    )));
                };
                request.extensions_mut().insert(context);
                let response = service.call(request).await;
                if let Ok(response) = &response {
                    handled.set(Some(response.request().clone()));
                }
                match response {
                    Ok(response) if is_acknowledged(response.response()) => Ok(response),
                    Ok(response) => Err(Unacknowledged::Response(response)),
                    Err(error) => Err(Unacknowledged::Error(error)),
                }
            });
            let reply = match outcome.await {
                Ok(Handled::Now { value: response, .. }) => return Ok(response.map_into_left_body()),
                Ok(_) => acknowledged(),
                Err(IdempotencyError::Handler(Unacknowledged::Response(response))) => {
                    return Ok(response.map_into_left_body());
                }
                Err(IdempotencyError::Handler(Unacknowledged::Error(error))) => return Err(error),
                Err(error) => {
                    tracing::debug!(target: "wechatpay::actix", code = error.code(), id = notification.id(), "not handled now");
                    response(error.nack())
                }
            };
            let request = request
                .take()
                .map(|request| request.into_parts().0)
                .or(handled.take());
            match request {
                Some(request) => Ok(ServiceResponse::new(request, reply).map_into_right_body()),
                // The handler was dropped, and the request with it.
                None => Err(InternalError::from_response("the handler was too slow", reply).into()),
            }
        })
    }
}

//! Middleware of actix-web that receives notifications.

use std::{
    future::{Future, Ready, ready},
    pin::Pin,
    rc::Rc,
};

use actix_web::{
    Error, HttpMessage as _, HttpRequest, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
};
use wechatpay_core::notify::{MerchantReceivers, NotificationReceiver};

use crate::{
    NotificationRejection,
    ack::is_acknowledged,
    payload::receive,
    source::{ReceiverSource, by_path},
};

/// Verifies and decrypts notifications before the handler runs.
///
/// 1. A request is passed on if method, headers, time, signature, envelope, decryption and merchant are right. The
///    [`Notification`](crate::Notification) extractor takes it from there, and the handler may read the body too.
/// 2. Every other request gets its [status](wechatpay_core::notify::NotificationError::status) and does not reach the handler.
/// 3. A handler's 2xx that is not [`Ack`](crate::Ack) becomes 500, with one ERROR line.
///
/// Wrap the resource of the notification only. The receiver sets limit and deadline of the body; see
/// [`NotificationReceiverBuilder`](wechatpay_core::notify::NotificationReceiverBuilder).
#[derive(Clone, Debug)]
pub struct NotificationMiddleware {
    source: ReceiverSource,
}

impl NotificationMiddleware {
    /// Receives with this receiver.
    #[must_use]
    pub fn new(receiver: NotificationReceiver) -> Self {
        Self {
            source: ReceiverSource::One(receiver),
        }
    }

    /// Receives for many merchants, named by the path parameter `{mchid}`.
    ///
    /// If the route has no such parameter, the last segment of the path names the merchant. The rule is the same around
    /// a resource, a scope and the whole `App`.
    ///
    /// In a handler, [`VerifiedNotification::receiver`](wechatpay_core::notify::VerifiedNotification::receiver) tells the
    /// merchant, not the path.
    #[must_use]
    pub fn many(directory: MerchantReceivers) -> Self {
        Self::many_by(directory, by_path)
    }

    /// Receives for many merchants, named by `select` from the request.
    ///
    /// It runs after the checks of method and headers.
    pub fn many_by(
        directory: MerchantReceivers,
        select: impl Fn(&HttpRequest) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            source: ReceiverSource::many_by(directory, select),
        }
    }
}

impl<S, B> Transform<S, ServiceRequest> for NotificationMiddleware
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = NotificationService<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(NotificationService {
            service: Rc::new(service),
            source: self.source.clone(),
        }))
    }
}

/// Service of [`NotificationMiddleware`].
#[derive(Debug)]
pub struct NotificationService<S> {
    service: Rc<S>,
    source: ReceiverSource,
}

impl<S, B> Service<ServiceRequest> for NotificationService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    forward_ready!(service);

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let service = Rc::clone(&self.service);
        let source = self.source.clone();
        Box::pin(async move {
            let mut payload = request.take_payload();
            match receive(&source, request.request(), &mut payload).await {
                Ok((notification, body)) => {
                    request.extensions_mut().insert(notification.clone());
                    request.set_payload(Payload::from(body));
                    let response = service.call(request).await?;
                    let status = response.status();
                    if status.is_success() && !is_acknowledged(response.response()) {
                        let error = notification.not_acknowledged(status.as_u16());
                        let rejected = NotificationRejection::from(error).error_response();
                        return Ok(response.into_response(rejected).map_into_right_body());
                    }
                    Ok(response.map_into_left_body())
                }
                // A rejection is a response and not an `Err`, so that middleware outside sees it.
                Err(error) => {
                    let response = NotificationRejection::from(error).error_response();
                    Ok(request.into_response(response).map_into_right_body())
                }
            }
        })
    }
}

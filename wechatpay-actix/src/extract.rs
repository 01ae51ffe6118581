//! Extractor of notifications.

use std::{
    fmt,
    future::{Future, Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use wechatpay_core::notify::{Resource, VerifiedNotification};

use crate::{NotificationRejection, payload::receive, source::ReceiverSource};

wechatpay_tower::__define_notification! {
    /// Verified notification with its resource read as `T`.
    ///
    /// Inside [`NotificationMiddleware`](crate::NotificationMiddleware) it takes what the middleware verified. Without the
    /// middleware it verifies itself, with the receiver in `app_data`: a [`NotificationReceiver`](crate::NotificationReceiver), or
    /// [`MerchantReceivers`](crate::MerchantReceivers), of which the path parameter `{mchid}` or else the last segment of the path
    /// selects one. It then reads the body, so no other extractor of the handler can. A 2xx without `Ack` is not caught.
    ///
    /// Dereferences to [`notify::Notification`](crate::notify::Notification), which has id and event type, and through it to `T`.
    ///
    /// # Rejections
    /// | Cause | Status |
    /// |---|---|
    /// | neither middleware nor receiver | 500, and one line in the log that says what to add |
    /// | a rejection of the pipeline | [its own](crate::notify::NotificationError::status) |
    /// | a notification of another kind than `T` | 400 |
    Notification
}

impl<T: Resource + 'static> FromRequest for Notification<T> {
    type Error = NotificationRejection;
    type Future = Extract<T>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if let Some(notification) = request.extensions().get::<VerifiedNotification>() {
            return Extract(Inner::Ready(ready(decode(notification.clone()))));
        }
        let source = match ReceiverSource::of_app(request) {
            Ok(source) => source,
            Err(rejection) => return Extract(Inner::Ready(ready(Err(rejection)))),
        };
        let (request, mut payload) = (request.clone(), payload.take());
        Extract(Inner::Receive(Box::pin(async move {
            let (notification, _) = receive(&source, &request, &mut payload).await?;
            decode(notification)
        })))
    }
}

fn decode<T: Resource>(notification: VerifiedNotification) -> Result<Notification<T>, NotificationRejection> {
    Ok(Notification(notification.decode()?))
}

/// Future of the extractor.
pub struct Extract<T>(Inner<T>);

enum Inner<T> {
    Ready(Ready<Result<Notification<T>, NotificationRejection>>),
    Receive(Pin<Box<dyn Future<Output = Result<Notification<T>, NotificationRejection>>>>),
}

impl<T> Unpin for Extract<T> {}

impl<T> Future for Extract<T> {
    type Output = Result<Notification<T>, NotificationRejection>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Inner::Ready(ready) => Pin::new(ready).poll(cx),
            Inner::Receive(receive) => receive.as_mut().poll(cx),
        }
    }
}

impl<T> fmt::Debug for Extract<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extract(..)")
    }
}

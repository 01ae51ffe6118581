//! Extractors of notifications.

use axum_core::extract::{FromRef, FromRequest, FromRequestParts, Request};
use http::request::Parts;
use wechatpay_core::notify::{NotificationReceiver, Resource, VerifiedNotification};
use wechatpay_tower::notify::receive;

use crate::NotificationRejection;

wechatpay_tower::__define_notification! {
    /// Notification that [`NotificationLayer`](crate::NotificationLayer) verified, with its resource read as `T`.
    ///
    /// Dereferences to [`notify::Notification`](crate::notify::Notification), which has id and event type, and through it to `T`:
    /// [`Transaction`](crate::api::transactions::Transaction),
    /// [`RefundNotice`](crate::api::refunds::RefundNotice), your own [`Resource`], or
    /// [`AnyResource`](crate::AnyResource) for a route that takes all kinds.
    ///
    /// # Rejections
    /// | Cause | Status |
    /// |---|---|
    /// | no layer around the route | 500, and one line in the log that says so |
    /// | a notification of another kind than `T` | 400 |
    /// | a resource that does not have the fields of its kind | 400 |
    Notification
}

impl<S, T> FromRequestParts<S> for Notification<T>
where
    S: Send + Sync,
    T: Resource,
{
    type Rejection = NotificationRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let notification = parts
            .extensions
            .get::<VerifiedNotification>()
            .cloned()
            .ok_or(NotificationRejection::NotConfigured)?;
        Ok(Self(notification.decode()?))
    }
}

wechatpay_tower::__define_notification! {
    /// A notification verified by this extractor, with the receiver from the state.
    ///
    /// For applications without a layer. It reads the body, so it is the last argument of the handler.
    ///
    /// The receiver comes from the state by [`FromRef`]. Without one in the state the application does not compile:
    ///
    /// ```compile_fail
    /// # use wechatpay_axum::{Ack, SignedNotification};
    /// # use wechatpay_axum::api::transactions::Transaction;
    /// async fn paid(_: SignedNotification<Transaction>) -> Ack { Ack }
    ///
    /// let app: axum::Router = axum::Router::new().route("/notify", axum::routing::post(paid));
    /// ```
    ///
    /// # Rejections
    /// Every rejection of the pipeline; see [`NotificationError::status`](crate::notify::NotificationError::status).
    SignedNotification
}

impl<S, T> FromRequest<S> for SignedNotification<T>
where
    S: Send + Sync,
    NotificationReceiver: FromRef<S>,
    T: Resource,
{
    type Rejection = NotificationRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let receiver = NotificationReceiver::from_ref(state);
        let (notification, _, _) = receive(&receiver, request).await?;
        Ok(Self(notification.decode()?))
    }
}

//! The extractors.

use std::{fmt, ops::Deref};

use axum_core::extract::{FromRef, FromRequest, FromRequestParts, Request};
use http::request::Parts;
use wechatpay_core::notify::{self, NotificationReceiver, Resource, VerifiedNotification};
use wechatpay_tower::notify::receive;

use crate::NotificationRejection;

/// The notification that [`NotificationLayer`](crate::NotificationLayer) verified, its resource read as `T`.
///
/// Dereferences to [`notify::Notification`], which knows id and event type, and through it to `T`:
/// [`Transaction`](wechatpay_core::api::transactions::Transaction),
/// [`RefundNotice`](wechatpay_core::api::refunds::RefundNotice), a [`Resource`] of yours, or
/// [`AnyResource`](notify::AnyResource) for one route that takes all kinds.
///
/// # Rejections
/// | Cause | Status |
/// |---|---|
/// | no layer around the route | 500, and one line in the log that says so |
/// | a notification of another kind than `T` | 400 |
/// | a resource that is not what its kind should be | 400 |
#[derive(Clone)]
pub struct Notification<T>(pub notify::Notification<T>);

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

/// A notification that this extractor verifies itself, with the receiver from the state: for applications that want no
/// layer. It reads the body, so it is the last argument of the handler.
///
/// The receiver comes by [`FromRef`]; with a state that has none the application does not compile:
///
/// ```compile_fail
/// # use wechatpay_axum::{Ack, SignedNotification};
/// # use wechatpay_core::api::transactions::Transaction;
/// async fn paid(_: SignedNotification<Transaction>) -> Ack { Ack }
///
/// let app: axum::Router = axum::Router::new().route("/notify", axum::routing::post(paid));
/// ```
///
/// # Rejections
/// Every rejection of the pipeline; see [`NotificationError::status`](notify::NotificationError::status).
#[derive(Clone)]
pub struct SignedNotification<T>(pub notify::Notification<T>);

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

impl<T> Deref for Notification<T> {
    type Target = notify::Notification<T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> Deref for SignedNotification<T> {
    type Target = notify::Notification<T>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> fmt::Debug for Notification<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> fmt::Debug for SignedNotification<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

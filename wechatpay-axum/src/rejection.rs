//! Rejection of the extractors.

use std::sync::Arc;

use axum_core::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use wechatpay_core::notify::NotificationError;
use wechatpay_tower::notify::rejection_response;

use crate::Nack;

/// Rejection of a notification's extractor.
///
/// As a response it is the platform's JSON with the right status, without the cause.
///
/// Take `Result<Notification<T>, NotificationRejection>` in a handler to see it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationRejection {
    /// The notification was rejected.
    #[error(transparent)]
    Rejected(#[from] NotificationError),
    /// The route has no [`NotificationLayer`](crate::NotificationLayer): 500, a mistake of the application.
    #[error(
        "no verified notification in the request: add `.route_layer(NotificationLayer::new(receiver))` to this route, or extract `SignedNotification`"
    )]
    NotConfigured,
}

impl NotificationRejection {
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Rejected(error) => error.status(),
            Self::NotConfigured => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for NotificationRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Rejected(error) => rejection_response::<Body>(error).map(Body::new),
            Self::NotConfigured => {
                tracing::error!(target: "wechatpay::axum", "{self}");
                let mut response = Nack::failed().into_response();
                response.extensions_mut().insert(Arc::new(self));
                response
            }
        }
    }
}

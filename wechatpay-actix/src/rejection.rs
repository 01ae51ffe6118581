//! Rejections of the middleware and the extractor.

use std::sync::Arc;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use wechatpay_core::notify::{self, NotificationError};

use crate::ack::{response, status};

/// Response extension with the reason of a rejected notification.
///
/// For outer middleware that logs or counts; it is not sent over the network.
#[derive(Clone, Debug)]
pub struct Rejected(pub Arc<NotificationError>);

/// Rejection of the extractor [`Notification`](crate::Notification).
///
/// As a response it is the platform's JSON with the right status, without the cause.
///
/// Take `Result<Notification<T>, NotificationRejection>` in a handler to see it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationRejection {
    /// The notification was rejected.
    #[error("{0}")]
    Rejected(Arc<NotificationError>),
    /// Neither the middleware nor a receiver is there: 500, a mistake of the application.
    #[error(
        "no receiver of notifications: add `.app_data(web::Data::new(receiver))` to the App, or wrap the resource with `NotificationMiddleware::new(receiver)`"
    )]
    NotConfigured,
}

impl From<NotificationError> for NotificationRejection {
    fn from(error: NotificationError) -> Self {
        Self::Rejected(Arc::new(error))
    }
}

impl NotificationRejection {
    fn nack(&self) -> notify::Nack {
        match self {
            Self::Rejected(error) => notify::Nack::from(error.as_ref()),
            Self::NotConfigured => notify::Nack::failed(),
        }
    }
}

impl ResponseError for NotificationRejection {
    fn status_code(&self) -> StatusCode {
        status(self.nack())
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = response(self.nack());
        match self {
            Self::Rejected(error) => {
                response.extensions_mut().insert(Rejected(Arc::clone(error)));
            }
            Self::NotConfigured => tracing::error!(target: "wechatpay::actix", "{self}"),
        }
        response
    }
}

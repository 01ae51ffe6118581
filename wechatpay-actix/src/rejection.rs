//! Why a notification did not reach the handler.

use std::sync::Arc;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use wechatpay_core::notify::{self, NotificationError};

use crate::answer::{response, status};

/// Response extension: why a notification was refused. For middleware outside to log or count; the network is not told.
#[derive(Clone, Debug)]
pub struct Refused(pub Arc<NotificationError>);

/// Why a notification was not extracted. As a response it is the platform's JSON with the right status, and says nothing of
/// the cause.
///
/// Take `Result<Notification<T>, NotificationRejection>` in a handler to see it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationRejection {
    /// The notification was refused.
    #[error("{0}")]
    Refused(Arc<NotificationError>),
    /// There is neither the middleware nor a receiver. A mistake of the application: 500.
    #[error(
        "no receiver of notifications: add `.app_data(web::Data::new(receiver))` to the App, or wrap the resource with `VerifyNotifications::new(receiver)`"
    )]
    ReceiverMissing,
}

impl From<NotificationError> for NotificationRejection {
    fn from(error: NotificationError) -> Self {
        Self::Refused(Arc::new(error))
    }
}

impl NotificationRejection {
    fn refusal(&self) -> notify::Refusal {
        match self {
            Self::Refused(error) => notify::Refusal::from(error.as_ref()),
            Self::ReceiverMissing => notify::Refusal::failed(),
        }
    }
}

impl ResponseError for NotificationRejection {
    fn status_code(&self) -> StatusCode {
        status(self.refusal())
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = response(self.refusal());
        match self {
            Self::Refused(error) => {
                response.extensions_mut().insert(Refused(Arc::clone(error)));
            }
            Self::ReceiverMissing => tracing::error!(target: "wechatpay::actix", "{self}"),
        }
        response
    }
}

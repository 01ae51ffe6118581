//! Why a notification did not reach the handler.

use std::sync::Arc;

use rocket::http::Status;
use wechatpay_core::notify::{self, NotificationError};

use crate::Refusal;

/// Why a notification was not extracted. Take `Result<Notification<T>, NotificationRejection>` in a handler to see it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationRejection {
    /// The notification was refused.
    #[error("{0}")]
    Refused(Arc<NotificationError>),
    /// The fairing is not attached. Launch is aborted before this can happen, unless the guard is used by hand.
    #[error("no receiver of notifications: `.attach(WechatPayFairing::…)` to the rocket")]
    FairingMissing,
}

impl From<NotificationError> for NotificationRejection {
    fn from(error: NotificationError) -> Self {
        Self::Refused(Arc::new(error))
    }
}

impl NotificationRejection {
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> Status {
        self.refusal().status()
    }

    pub(crate) fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(error) => Refusal(notify::Refusal::from(error.as_ref())),
            Self::FairingMissing => Refusal::failed(),
        }
    }
}

//! Rejections of the guards.

use std::sync::Arc;

use rocket::http::Status;
use wechatpay_core::notify::{self, NotificationError};

use crate::Nack;

/// Rejection of a guard.
///
/// Take `Result<Notification<T>, NotificationRejection>` in a handler to see it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationRejection {
    /// The notification was rejected.
    #[error("{0}")]
    Rejected(Arc<NotificationError>),
    /// The fairing is not attached.
    ///
    /// Launch is aborted before this can happen, unless the guard is used manually.
    #[error("no receiver of notifications: `.attach(NotificationFairing::…)` to the rocket")]
    NotConfigured,
}

impl From<NotificationError> for NotificationRejection {
    fn from(error: NotificationError) -> Self {
        Self::Rejected(Arc::new(error))
    }
}

impl NotificationRejection {
    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> Status {
        self.nack().status()
    }

    pub(crate) fn nack(&self) -> Nack {
        match self {
            Self::Rejected(error) => Nack(notify::Nack::from(error.as_ref())),
            Self::NotConfigured => Nack::failed(),
        }
    }
}

//! Notification with a typed resource.

use std::{fmt, ops::Deref};

use super::{
    EventType, NotificationError, Resource, VerifiedNotification, notification::Inner, report::Subject,
};
use crate::verify::Verified;

impl VerifiedNotification {
    /// Reads the resource as `T`. [`AnyResource`](super::AnyResource) accepts all kinds.
    ///
    /// A member that does not decide and cannot be read counts as absent; it is logged and named by
    /// [`Notification::unread`].
    ///
    /// # Errors
    /// Returns [`NotificationError::TypeMismatch`] if notifications of this kind do not carry a `T`, and
    /// [`NotificationError::PayloadMalformed`] if a deciding member is missing, duplicated or cannot be read.
    pub fn decode<T: Resource>(self) -> Result<Notification<T>, NotificationError> {
        let notification = self.to_read(T::DECIDES);
        let outcome = if T::accepts(&notification) {
            T::read(&notification).map_err(NotificationError::PayloadMalformed)
        } else {
            Err(NotificationError::TypeMismatch {
                event_type: notification.kind(),
                takes: short_name::<T>(),
            })
        };
        match outcome {
            Ok(resource) => Ok(Notification {
                resource,
                notification,
            }),
            Err(error) => Err(notification.rejected(error)),
        }
    }

    /// Reads the resource as `T`.
    ///
    /// One of another kind, or a malformed one, leaves no log line.
    pub(crate) fn read_as<T: Resource>(&self) -> Option<T> {
        T::accepts(self)
            .then(|| T::read(&self.to_read(T::DECIDES)).ok())
            .flatten()
    }

    /// Counts and logs a handler's 2xx that is not [`Ack`](super::Ack), and returns the rejection.
    ///
    /// For the layer of a framework, which responds with 500 so that the platform sends the notification again.
    pub fn not_acknowledged(&self, status: u16) -> NotificationError {
        self.rejected(NotificationError::NotAcknowledged { status })
    }

    fn rejected(&self, error: NotificationError) -> NotificationError {
        let subject = Subject {
            id: Some(self.id()),
            event_type: Some(self.event_type().as_str()),
            ..Subject::default()
        };
        self.inner.origin.rejected(&error, subject);
        error
    }
}

/// Returns the name of a type without its path.
fn short_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    let without_parameters = name.split('<').next().unwrap_or(name);
    without_parameters
        .rsplit("::")
        .next()
        .unwrap_or(without_parameters)
}

/// Verified notification with its resource read as `T`. Dereferences to `T`.
///
/// ```compile_fail,E0451
/// use wechatpay_core::notify::{Notification, VerifiedNotification};
///
/// fn forge(notification: VerifiedNotification) -> Notification<u64> {
///     Notification { resource: 1, notification }
/// }
/// ```
#[derive(Clone)]
pub struct Notification<T> {
    resource: T,
    notification: VerifiedNotification,
}

impl<T> Notification<T> {
    pub(super) fn new(resource: T, notification: VerifiedNotification) -> Self {
        Self {
            resource,
            notification,
        }
    }

    pub(super) fn into_parts(self) -> (T, VerifiedNotification) {
        (self.resource, self.notification)
    }

    /// Returns the id, the same for every delivery of the notification.
    #[must_use]
    pub fn id(&self) -> &str {
        self.notification.id()
    }

    /// Returns the kind of event.
    #[must_use]
    pub fn event_type(&self) -> &EventType {
        self.notification.event_type()
    }

    /// Returns the notification without the type.
    #[must_use]
    pub fn notification(&self) -> &VerifiedNotification {
        &self.notification
    }

    /// Returns the resource.
    #[must_use]
    pub fn resource(&self) -> &T {
        &self.resource
    }

    /// Returns the paths of members that could not be read and count as absent.
    ///
    /// See [`VerifiedNotification::unread`].
    #[must_use]
    pub fn unread(&self) -> &[String] {
        self.notification.unread()
    }

    /// Returns the resource as a verified value, without the envelope.
    #[must_use]
    pub fn into_verified(self) -> Verified<T> {
        let unread = self.unread().to_vec();
        let Inner {
            key_id,
            signed_at,
            plaintext,
            ..
        } = self.notification.inner.as_ref();
        Verified::new(self.resource, key_id.clone(), *signed_at).with_unread(unread, plaintext)
    }

    /// Returns the resource alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.resource
    }
}

impl<T> Deref for Notification<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.resource
    }
}

impl<T> fmt::Debug for Notification<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Notification").field(&self.notification).finish()
    }
}

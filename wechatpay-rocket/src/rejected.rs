//! The JSON of a guard's rejection.
//!
//! A guard can only name a status; the body then comes from a catcher. So the guard leaves the rejection in the request's
//! cache, and the fairing writes it over the response of the catcher.

use std::sync::{Arc, OnceLock};

use rocket::{Request, Response};
use wechatpay_core::notify::{NotificationError, VerifiedNotification};

use crate::{Nack, NotificationRejection, ack::is_acknowledged};

/// The reason of a request's rejected notification.
///
/// For fairings that log or count; it is not sent over the network.
///
/// ```
/// use rocket::{Request, Response, fairing::AdHoc};
/// use wechatpay_rocket::Rejected;
///
/// let count = AdHoc::on_response("rejected notifications", |request: &Request<'_>, _: &mut Response<'_>| {
///     Box::pin(async move {
///         if let Some(Rejected(error)) = Rejected::of(request) {
///             println!("rejected: {}", error.code());
///         }
///     })
/// });
/// # drop(count);
/// ```
#[derive(Clone, Debug)]
pub struct Rejected(pub Arc<NotificationError>);

impl Rejected {
    /// The rejection of this request, if a guard of this crate rejected it.
    #[must_use]
    pub fn of(request: &Request<'_>) -> Option<Self> {
        match remembered(request).0.get()? {
            NotificationRejection::Rejected(error) => Some(Self(Arc::clone(error))),
            NotificationRejection::NotConfigured => None,
        }
    }
}

#[derive(Default)]
struct Remembered(OnceLock<NotificationRejection>);

fn remembered<'r>(request: &'r Request<'_>) -> &'r Remembered {
    request.local_cache(Remembered::default)
}

pub(crate) fn remember(request: &Request<'_>, rejection: &NotificationRejection) {
    // The first rejection is the one that decided.
    let _ = remembered(request).0.set(rejection.clone());
}

/// Notification that the guard verified; `None` if it rejected the request.
#[derive(Default)]
struct Received(OnceLock<Option<VerifiedNotification>>);

/// Marks the request as one for a notification, so that its response is checked.
pub(crate) fn received(request: &Request<'_>, notification: Option<&VerifiedNotification>) {
    let _ = request
        .local_cache(Received::default)
        .0
        .set(notification.cloned());
}

/// Replaces a 2xx that is not `Ack` by 500 or the rejection.
pub(crate) fn demand_ack(request: &Request<'_>, response: &mut Response<'_>) {
    let status = response.status();
    if !status.class().is_success() || is_acknowledged(request) {
        return;
    }
    match request.local_cache(Received::default).0.get() {
        Some(Some(notification)) => {
            let error = notification.not_acknowledged(status.code);
            remember(request, &error.into());
            Nack::failed().write_to(response);
        }
        Some(None) => {
            if let Some(rejection) = remembered(request).0.get() {
                rejection.nack().write_to(response);
            }
        }
        None => {}
    }
}

/// Replaces the catcher's response by the rejection.
///
/// A handler that took the rejection and responded itself is left alone.
pub(crate) fn apply(request: &Request<'_>, response: &mut Response<'_>) {
    if let Some(nack) = remembered(request).0.get().map(NotificationRejection::nack)
        && response.status() == nack.status()
    {
        nack.write_to(response);
    }
}

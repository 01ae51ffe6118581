//! The JSON of a guard's refusal.
//!
//! A guard can only name a status; the body then comes from a catcher. So the guard leaves the refusal in the request's
//! cache, and the fairing writes it over the response of the catcher.

use std::sync::{Arc, OnceLock};

use rocket::{Request, Response};
use wechatpay_core::notify::NotificationError;

use crate::NotificationRejection;

/// Why the notification of a request was refused. For fairings that log or count; the network is not told.
///
/// ```
/// use rocket::{Request, Response, fairing::AdHoc};
/// use wechatpay_rocket::Refused;
///
/// let count = AdHoc::on_response("refused notifications", |request: &Request<'_>, _: &mut Response<'_>| {
///     Box::pin(async move {
///         if let Some(Refused(error)) = Refused::of(request) {
///             println!("refused: {}", error.code());
///         }
///     })
/// });
/// # drop(count);
/// ```
#[derive(Clone, Debug)]
pub struct Refused(pub Arc<NotificationError>);

impl Refused {
    /// The refusal of this request, if a guard of this crate refused it.
    #[must_use]
    pub fn of(request: &Request<'_>) -> Option<Self> {
        match remembered(request).0.get()? {
            NotificationRejection::Refused(error) => Some(Self(Arc::clone(error))),
            NotificationRejection::FairingMissing => None,
        }
    }
}

#[derive(Default)]
struct Remembered(OnceLock<NotificationRejection>);

fn remembered<'r>(request: &'r Request<'_>) -> &'r Remembered {
    request.local_cache(Remembered::default)
}

pub(crate) fn remember(request: &Request<'_>, rejection: &NotificationRejection) {
    // The first refusal is the one that decided.
    let _ = remembered(request).0.set(rejection.clone());
}

/// Writes the refusal over the catcher's response. A handler that took the rejection and answered itself is left alone.
pub(crate) fn apply(request: &Request<'_>, response: &mut Response<'_>) {
    if let Some(refusal) = remembered(request).0.get().map(NotificationRejection::refusal)
        && response.status() == refusal.status()
    {
        refusal.write_to(response);
    }
}

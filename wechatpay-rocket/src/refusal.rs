//! How a refusal of a guard gets its JSON.
//!
//! A guard can only name a status; the body then comes from a catcher. So the guard leaves the refusal in the request's
//! cache, and the fairing writes it over whatever the catcher made.

use std::sync::OnceLock;

use rocket::{Request, Response};

use crate::Refusal;

#[derive(Default)]
struct Refused(OnceLock<Refusal>);

pub(crate) fn remember(request: &Request<'_>, refusal: Refusal) {
    // The first refusal is the one that decided.
    let _ = request.local_cache(Refused::default).0.set(refusal);
}

/// Writes the refusal over the catcher's response. A handler that took the rejection and answered itself is left alone.
pub(crate) fn apply(request: &Request<'_>, response: &mut Response<'_>) {
    if let Some(refusal) = request.local_cache(Refused::default).0.get()
        && response.status() == refusal.status()
    {
        refusal.write_to(response);
    }
}

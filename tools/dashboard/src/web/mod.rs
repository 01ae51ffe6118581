//! Common parts of the cashier's and the dashboard's pages.

mod amount;
mod guard;
mod merchant;
mod query;
mod recent;

use axum::{body::Body, response::Response};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION},
};
use maud::Markup;

pub(crate) use amount::yuan;
pub(crate) use guard::{Frames, Guard, Intruder, guard};
pub(crate) use merchant::merchant_name;
pub(crate) use query::{Query, in_language, is_allowed_url, read_form, with_parameter};
pub(crate) use recent::Recent;
pub(crate) use wechatpay_sandbox::language::{Language, Text};

/// A page.
pub(crate) fn respond(status: StatusCode, page: Markup) -> Response {
    let mut response = Response::new(Body::from(page.into_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// Leads to another page, so that reloading that one sends no form again.
pub(crate) fn see_other(location: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// A style sheet, a script, a picture.
pub(crate) fn asset(kind: &'static str, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    // A sandbox of another version may listen on the same port tomorrow.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    /// A colour of its own would miss the dark theme, and the other pages.
    #[test]
    fn colours_and_fonts_stand_in_the_common_sheet() {
        for (name, css) in [
            ("cashier", include_str!("../cashier/assets/cashier.css")),
            ("dashboard", include_str!("../pages/assets/dashboard.css")),
        ] {
            for own in [
                ": #",
                " #",
                "rgb(",
                ":root",
                "sans-serif",
                "monospace",
                "prefers-color-scheme",
            ] {
                assert!(!css.contains(own), "{name}.css has {own:?}");
            }
        }
    }
}

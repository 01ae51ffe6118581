//! The style sheet, the icon and the two scripts.

use axum::response::Response;
use http::{HeaderName, HeaderValue};

use crate::web::asset;

const CSS: &str = concat!(
    include_str!("../web/base.css"),
    "\n",
    include_str!("assets/cashier.css")
);
const SCRIPT: &str = include_str!("assets/cashier.js");
const ICON: &str = include_str!("assets/icon.svg");
const BRIDGE: &str = include_str!("assets/wx-bridge.js");

pub(super) async fn css() -> Response {
    asset("text/css; charset=utf-8", CSS)
}

pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

pub(super) async fn icon() -> Response {
    asset("image/svg+xml", ICON)
}

/// The shop's page includes this one, from another origin.
pub(super) async fn bridge() -> Response {
    let mut response = asset("text/javascript; charset=utf-8", BRIDGE);
    response.headers_mut().insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

//! The style sheet and the script.

use axum::response::Response;

use crate::web::asset;

const CSS: &str = concat!(
    include_str!("../web/base.css"),
    "\n",
    include_str!("assets/dashboard.css")
);
const SCRIPT: &str = include_str!("assets/dashboard.js");

pub(super) async fn css() -> Response {
    asset("text/css; charset=utf-8", CSS)
}

pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", SCRIPT)
}

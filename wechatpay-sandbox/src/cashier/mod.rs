//! The cashier: the buyer's side, in a browser.

mod act;
mod assets;
mod entry;
mod guard;
mod invoke;
mod language;
mod pages;
mod query;
mod view;
mod words;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::State,
    middleware::from_fn_with_state,
    response::Response,
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header::CONTENT_TYPE};
use maud::Markup;

pub use language::Language;
pub(crate) use pages::Pages;

use crate::shared::Shared;
use query::Query;

/// The routes of the cashier and its scripts.
pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(home))
        .route("/cashier/h5", get(entry::h5))
        .route("/cashier/native", get(entry::native))
        .route("/cashier/jsapi", get(entry::jsapi))
        .route("/cashier/app", get(entry::app))
        .route("/cashier/act", post(act::act))
        .route("/cashier/again", get(act::again))
        .route("/cashier/result", get(act::result))
        .route("/cashier/cashier.css", get(assets::css))
        .route("/cashier/icon.svg", get(assets::icon))
        .route("/cashier/cashier.js", get(assets::script))
        .route("/js/wx-bridge.js", get(assets::bridge))
        .fallback(not_found)
        .layer(from_fn_with_state(Arc::clone(shared), guard::guard))
}

async fn home(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let query = Query::of(&uri);
    let language = query.language(&shared, &headers, None);
    respond(StatusCode::OK, view::home(language, &shared, &uri))
}

async fn not_found(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let language = Query::of(&uri).language(&shared, &headers, None);
    respond(
        StatusCode::NOT_FOUND,
        view::message(language, words::NOT_FOUND, &shared.base_url),
    )
}

fn respond(status: StatusCode, page: Markup) -> Response {
    let mut response = Response::new(Body::from(page.into_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

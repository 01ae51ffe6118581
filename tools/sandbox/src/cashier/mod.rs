//! The cashier: the buyer's side, in a browser.

mod act;
mod assets;
mod entry;
mod invoke;
mod pages;
mod view;
mod words;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    middleware::from_fn_with_state,
    response::Response,
    routing::{get, post},
};
use http::{HeaderMap, StatusCode, Uri};

pub(crate) use pages::Pages;

use crate::{
    handle::shared::Shared,
    web::{Frames, Guard, Intruder, Language, Query, guard, respond},
};

/// The routes of the cashier and its scripts.
pub(crate) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let own = Guard {
        shared: Arc::clone(shared),
        frames: Frames::OfShops,
        refuse,
    };
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
        .layer(from_fn_with_state(own, guard))
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

fn refuse(language: Language, intruder: Intruder) -> Response {
    let reason = match intruder {
        Intruder::ForeignHost => words::FOREIGN_HOST,
        Intruder::CrossSite => words::CROSS_SITE,
    };
    respond(
        StatusCode::FORBIDDEN,
        view::message(language, words::REFUSED, language.say(reason)),
    )
}

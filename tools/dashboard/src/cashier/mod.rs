//! The cashier: the buyer's side, in a browser.

mod act;
mod assets;
mod entry;
mod invoke;
mod login;
mod pages;
#[cfg(test)]
mod vectors;
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

use crate::web::{Frames, Guard, Intruder, Language, Query, guard, respond};
use wechatpay_sandbox::handle::engine::Engine;

use login::Codes;
use pages::Pages;

/// State of the cashier.
#[derive(Clone)]
struct Cashier {
    engine: Arc<Engine>,
    pages: Arc<Pages>,
    codes: Arc<Codes>,
}

/// The routes of the cashier and its scripts.
pub(crate) fn router(engine: &Arc<Engine>) -> Router {
    let own = Guard {
        engine: Arc::clone(engine),
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
        .route("/connect/oauth2/authorize", get(login::authorize))
        .route("/sns/oauth2/access_token", get(login::of_page))
        .route("/sns/jscode2session", get(login::of_mini_program))
        .fallback(not_found)
        .layer(from_fn_with_state(own, guard))
        .with_state(Cashier {
            engine: Arc::clone(engine),
            pages: Arc::default(),
            codes: Arc::default(),
        })
}

async fn home(State(Cashier { engine, .. }): State<Cashier>, uri: Uri, headers: HeaderMap) -> Response {
    let query = Query::of(&uri);
    let language = query.language(&engine, &headers, None);
    respond(StatusCode::OK, view::home(language, &engine, &uri))
}

async fn not_found(State(Cashier { engine, .. }): State<Cashier>, uri: Uri, headers: HeaderMap) -> Response {
    let language = Query::of(&uri).language(&engine, &headers, None);
    respond(
        StatusCode::NOT_FOUND,
        view::message(language, words::NOT_FOUND, &engine.base_url),
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

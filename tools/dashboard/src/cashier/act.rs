//! Actions of the cashier's buttons.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode, Uri};

use super::{
    Cashier,
    pages::{Outcome, Page},
    view, words,
};
use crate::web::{Language, Query, read_form, respond, see_other};
use wechatpay_sandbox::{
    handle::engine::Engine,
    world::orders::{self, buyer::Buyer, state::Order},
};

/// A token, a word and a name.
const MAX_FORM: usize = 4096;

/// Runs a button's action and redirects to the result, so that reloading repeats nothing.
pub(super) async fn act(
    State(Cashier { engine, pages, .. }): State<Cashier>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let language = Query::parse(b"").language(&engine, &headers, None);
    let refuse = |status| {
        respond(
            status,
            view::message(language, words::REFUSED, language.say(words::PAGE_GONE)),
        )
    };
    let form = match read_form(&headers, body, MAX_FORM).await {
        Ok(form) => Query::parse(&form),
        Err(status) => return refuse(status),
    };
    let token = form.get("page").unwrap_or_default();
    let Some(page) = pages.get(token) else {
        return refuse(StatusCode::FORBIDDEN);
    };
    let buyer = form.get("buyer").and_then(Buyer::from_name);
    let working = engine.world.working();
    let outcome = match (form.get("action"), buyer) {
        (Some("pay"), Some(buyer)) => match engine.pay(&page.order, buyer) {
            Ok(()) => Outcome::Paid,
            Err(error) => Outcome::Failed(error),
        },
        (Some("cancel"), _) => match orders::cancel(&engine.world, &page.order) {
            Ok(()) => Outcome::Cancelled,
            Err(error) => Outcome::Failed(error),
        },
        (Some("leave"), _) => Outcome::Left,
        _ => return refuse(StatusCode::BAD_REQUEST),
    };
    drop(working);
    pages.finish(token, outcome);
    see_other(&format!("/cashier/result?page={token}"))
}

/// The result of a page.
pub(super) async fn result(
    State(Cashier { engine, pages, .. }): State<Cashier>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(&uri);
    let token = query.get("page").unwrap_or_default();
    let (language, found) = opened(&engine, pages.get(token), &query, &headers);
    match found.map(|(page, order)| (page.outcome, page, order)) {
        Some((Some(outcome), page, order)) => respond(
            StatusCode::OK,
            view::result(language, &uri, &order, &page, outcome, token),
        ),
        Some((None, ..)) => see_other(&format!("/cashier/again?page={token}")),
        None => gone(language),
    }
}

/// The buttons once more, after a payment that failed.
pub(super) async fn again(
    State(Cashier { engine, pages, .. }): State<Cashier>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(&uri);
    let token = query.get("page").unwrap_or_default();
    let (language, found) = opened(&engine, pages.get(token), &query, &headers);
    match found {
        Some((page, order)) => match order.payable(engine.world.clock.now()) {
            Ok(()) => respond(
                StatusCode::OK,
                view::pay(language, &uri, &engine, &order, &page, token),
            ),
            Err(error) => respond(
                StatusCode::CONFLICT,
                view::not_payable(language, &uri, error, &page),
            ),
        },
        None => gone(language),
    }
}

/// The language of a page, and its order.
fn opened(
    engine: &Engine,
    page: Option<Page>,
    query: &Query,
    headers: &HeaderMap,
) -> (Language, Option<(Page, Order)>) {
    let language = query.language(engine, headers, page.as_ref().map(|page| page.language));
    let found = page.and_then(|page| {
        let order = engine.world.order(&page.order)?;
        Some((page, order))
    });
    (language, found)
}

fn gone(language: Language) -> Response {
    respond(
        StatusCode::NOT_FOUND,
        view::message(language, words::NOT_FOUND, language.say(words::PAGE_GONE)),
    )
}

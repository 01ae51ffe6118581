//! Actions of the cashier's buttons.

use axum::{body::Body, extract::State, response::Response};
use http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Limited};

use super::{Cashier, pages::Outcome, view, words};
use crate::web::{Language, Query, respond, see_other};
use wechatpay_sandbox::world::orders::{self, buyer::Buyer};

/// A token, a word and a name.
const MAX_FORM: usize = 4096;

/// Runs a button's action and redirects to the result, so that reloading repeats nothing.
pub(super) async fn act(
    State(Cashier { engine, pages }): State<Cashier>,
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
    let is_form = headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !is_form {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let Ok(form) = Limited::new(body, MAX_FORM).collect().await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let form = Query::parse(&form.to_bytes());
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
    State(Cashier { engine, pages }): State<Cashier>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(&uri);
    let token = query.get("page").unwrap_or_default();
    let page = pages.get(token);
    let language = query.language(&engine, &headers, page.as_ref().map(|page| page.language));
    let found = page.and_then(|page| {
        let order = engine.world.orders.get(&page.order, engine.world.clock.now())?;
        Some((page.outcome, page, order))
    });
    match found {
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
    State(Cashier { engine, pages }): State<Cashier>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = Query::of(&uri);
    let token = query.get("page").unwrap_or_default();
    let page = pages.get(token);
    let language = query.language(&engine, &headers, page.as_ref().map(|page| page.language));
    let now = engine.world.clock.now();
    let found = page.and_then(|page| Some((engine.world.orders.get(&page.order, now)?, page)));
    match found {
        Some((order, page)) => match order.payable(now) {
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

fn gone(language: Language) -> Response {
    respond(
        StatusCode::NOT_FOUND,
        view::message(language, words::NOT_FOUND, language.say(words::PAGE_GONE)),
    )
}

//! The routes: authorise, call back, order, be notified.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{
        HeaderMap, HeaderName, StatusCode,
        header::{COOKIE, SET_COOKIE},
    },
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use wechatpay_axum::{
    Ack, Nack, Notification, NotificationLayer,
    api::transactions::Transaction,
    openid,
    types::{Openid, OutTradeNo},
};
use wechatpay_core::BoxError;

use crate::shop::Shop;

type App = State<Arc<Shop>>;
type Failed = (StatusCode, String);

pub(crate) fn router(shop: Arc<Shop>) -> Router {
    let layer = NotificationLayer::new(shop.wechatpay.receiver().clone());
    Router::new()
        .route("/wechatpay/notify", post(notified).route_layer(layer))
        .route("/", get(home))
        .route("/callback", get(callback))
        .route("/orders", post(order))
        .route("/orders/{number}", get(status))
        .with_state(shop)
}

/// Shows the page to a visitor who is known, and asks WeChat about any other.
async fn home(State(shop): App, headers: HeaderMap) -> Result<Response, Failed> {
    if visitor(&shop, &headers).is_some() {
        let bridge = shop
            .bridge
            .as_deref()
            .map_or_else(String::new, |url| format!("<script src=\"{url}\"></script>"));
        let page = include_str!("page.html").replace("<!-- bridge -->", &bridge);
        return Ok(Html(page).into_response());
    }
    let state = openid::State::random().map_err(failed)?;
    let callback = format!("{}/callback", shop.public_url);
    let url = shop.openid.authorize_url(&callback, &state).map_err(failed)?;
    Ok((set_cookie(&shop, "state", state.as_str()), Redirect::to(&url)).into_response())
}

#[derive(Deserialize)]
struct Returned {
    code: String,
    state: Option<String>,
}

/// Exchanges the code, and goes on without it.
///
/// A reload then does not exchange it again.
async fn callback(
    State(shop): App,
    Query(returned): Query<Returned>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    if !openid::State::is_returned(cookie(&headers, "state"), returned.state.as_deref()) {
        return Err((StatusCode::FORBIDDEN, "another browser began this".to_owned()));
    }
    let login = shop.openid.exchange(&returned.code).await.map_err(failed)?;
    // The session has an id of its own: the state was part of URLs.
    let session = openid::State::random().map_err(failed)?;
    shop.visitors.put(session.as_str().to_owned(), login.openid);
    Ok((set_cookie(&shop, "session", session.as_str()), Redirect::to("/")).into_response())
}

async fn order(State(shop): App, headers: HeaderMap) -> Result<Json<Value>, Failed> {
    let payer =
        visitor(&shop, &headers).ok_or((StatusCode::UNAUTHORIZED, "open the page first".to_owned()))?;
    let (number, parameters) = shop.order(payer).await.map_err(failed)?;
    Ok(Json(json!({ "number": number, "parameters": parameters })))
}

/// Tells whether the shop knows of the payment.
///
/// What the payment sheet told the page is a hint only.
async fn status(State(shop): App, Path(number): Path<String>) -> Result<Json<Value>, StatusCode> {
    let number = OutTradeNo::parse(&number).map_err(|_| StatusCode::NOT_FOUND)?;
    let (_, is_paid) = shop.orders.get(&number).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(json!({ "paid": is_paid })))
}

async fn notified(State(shop): App, payment: Notification<Transaction>) -> Result<Ack, Nack> {
    let number = payment.out_trade_no.clone();
    let (expected, _) = shop.orders.get(&number).ok_or(Nack::failed())?;
    let paid = payment.confirm(&expected)?; // number, payee, app, amount and currency are right
    println!("paid      {number}  {} yuan", paid.total().yuan());
    shop.orders.put(number, (expected, true));
    Ok(Ack)
}

/// The openid of a visitor who came back from WeChat.
fn visitor(shop: &Shop, headers: &HeaderMap) -> Option<Openid> {
    shop.visitors.get(&cookie(headers, "session")?.to_owned())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get(COOKIE)?.to_str().ok()?.split("; ");
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// A cookie that scripts and other sites do not get.
fn set_cookie(shop: &Shop, name: &str, value: &str) -> AppendHeaders<[(HeaderName, String); 1]> {
    let secure = if shop.public_url.starts_with("https") {
        "; Secure"
    } else {
        ""
    };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
    AppendHeaders([(SET_COOKIE, text)])
}

fn failed(error: impl Into<BoxError>) -> Failed {
    let text = error.into().to_string();
    eprintln!("{text}");
    (StatusCode::BAD_GATEWAY, text)
}

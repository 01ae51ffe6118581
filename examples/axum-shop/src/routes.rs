//! The routes: each handler passes its input to the shop and converts the reply.

use std::net::SocketAddr;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, DefaultBodyLimit, Path, Query, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use shop::{BODY_LIMIT, Incoming, NOTIFY_PATH, PageRequest, Reply, Shop};
use tower_http::trace::{DefaultOnFailure, TraceLayer};
use wechatpay_axum::{Ack, Nack, Notification, NotificationLayer, NotificationReceiver};
use wechatpay_core::notify::AnyResource;

/// The shop's routes. `receiver` is the one of its merchant.
pub(crate) fn router(shop: Shop, receiver: NotificationReceiver) -> Router {
    // The layer verifies and decrypts before the handler runs, and rejects what is not genuine. It has its own
    // limit for the body and needs the bytes as they came, so it stands around this route alone.
    let notify = post(notified).layer(NotificationLayer::new(receiver));

    // What failed is logged where it failed, with its cause; the status alone is for those who follow every request.
    let trace = TraceLayer::new_for_http().on_failure(DefaultOnFailure::new().level(tracing::Level::DEBUG));

    Router::new()
        .route("/", get(page))
        .route("/assets/{name}", get(asset))
        .route("/orders", post(create))
        .route("/orders/{number}", get(order))
        .route("/orders/{number}/receipt", get(receipt))
        .route("/orders/{number}/sync", post(sync))
        .route("/orders/{number}/close", post(close))
        .route("/orders/{number}/refunds", post(refund))
        .route(NOTIFY_PATH, notify)
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .fallback(async || ReplyResponse(Reply::no_such_route()))
        .method_not_allowed_fallback(async || ReplyResponse(Reply::method_not_allowed()))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(trace)
        .with_state(shop)
}

/// A notification that is genuine and ours; the handler never sees another.
async fn notified(State(shop): State<Shop>, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    Ok(shop.notified(notification.into()).await?.into())
}

async fn create(
    State(shop): State<Shop>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> ReplyResponse {
    match body {
        Ok(body) => ReplyResponse(shop.create_order(incoming(Some(peer), &headers, &body)).await),
        Err(error) => ReplyResponse(Reply::unreadable(error.status().as_u16())),
    }
}

async fn refund(
    State(shop): State<Shop>,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> ReplyResponse {
    match body {
        Ok(body) => ReplyResponse(shop.refund_order(&number, incoming(None, &headers, &body)).await),
        Err(error) => ReplyResponse(Reply::unreadable(error.status().as_u16())),
    }
}

async fn order(State(shop): State<Shop>, Path(number): Path<String>) -> ReplyResponse {
    ReplyResponse(shop.order(&number).await)
}

async fn receipt(State(shop): State<Shop>, Path(number): Path<String>) -> ReplyResponse {
    ReplyResponse(shop.receipt(&number).await)
}

async fn sync(State(shop): State<Shop>, Path(number): Path<String>) -> ReplyResponse {
    ReplyResponse(shop.sync_order(&number).await)
}

async fn close(State(shop): State<Shop>, Path(number): Path<String>) -> ReplyResponse {
    ReplyResponse(shop.close_order(&number).await)
}

async fn page(
    State(shop): State<Shop>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> ReplyResponse {
    ReplyResponse(
        shop.page(PageRequest {
            lang: query
                .iter()
                .find(|(name, _)| name == "lang")
                .map(|(_, value)| value.as_str()),
            cookie: text(&headers, &header::COOKIE),
            accept_language: text(&headers, &header::ACCEPT_LANGUAGE),
        }),
    )
}

async fn asset(State(shop): State<Shop>, Path(name): Path<String>) -> ReplyResponse {
    ReplyResponse(shop.asset(&name))
}

async fn healthz(State(shop): State<Shop>) -> ReplyResponse {
    ReplyResponse(shop.healthz())
}

async fn readyz(State(shop): State<Shop>) -> ReplyResponse {
    ReplyResponse(shop.readyz().await)
}

fn incoming<'a>(peer: Option<SocketAddr>, headers: &'a HeaderMap, body: &'a Bytes) -> Incoming<'a> {
    Incoming {
        content_type: text(headers, &header::CONTENT_TYPE),
        user_agent: text(headers, &header::USER_AGENT),
        peer: peer.map(|address| address.ip()),
        body,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A reply of the shop as a response of axum.
struct ReplyResponse(Reply);

impl IntoResponse for ReplyResponse {
    fn into_response(self) -> Response {
        let Reply {
            status,
            headers,
            body,
        } = self.0;
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        response
            .body(Body::from(body))
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}

#[cfg(test)]
mod sandbox_tests;
#[cfg(test)]
mod tests;

//! The routes: each handler passes its input to the shop and converts the reply.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{StatusCode, header},
    web::{self, Bytes, Data, Path, Query, ServiceConfig},
};
use shop::{BODY_LIMIT, Incoming, NOTIFY_PATH, PageRequest, Reply, Shop};
use wechatpay_actix::{Ack, Nack, Notification, NotificationMiddleware, NotificationReceiver};
use wechatpay_core::notify::AnyResource;

/// The shop's routes. `receiver` is the one of its merchant.
pub(crate) fn configure(receiver: NotificationReceiver) -> impl FnOnce(&mut ServiceConfig) {
    // The middleware verifies and decrypts before the handler runs, and rejects what is not genuine. It reads the
    // payload as it came, with a limit of its own.
    let notify = web::resource(NOTIFY_PATH)
        .wrap(NotificationMiddleware::new(receiver))
        .post(notified);
    let resource = |path: &str| web::resource(path.to_owned()).default_service(web::to(method_not_allowed));
    move |config| {
        config
            .app_data(web::PayloadConfig::new(BODY_LIMIT))
            .service(resource("/").get(page))
            .service(resource("/assets/{name}").get(asset))
            .service(resource("/orders").post(create))
            .service(resource("/orders/{number}").get(order))
            .service(resource("/orders/{number}/receipt").get(receipt))
            .service(resource("/orders/{number}/sync").post(sync))
            .service(resource("/orders/{number}/close").post(close))
            .service(resource("/orders/{number}/refunds").post(refund))
            .service(notify)
            .service(resource("/healthz").get(healthz))
            .service(resource("/readyz").get(readyz));
    }
}

/// A notification that is genuine and ours; the handler never sees another.
async fn notified(shop: Data<Shop>, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    Ok(shop.notified(notification.into()).await?.into())
}

async fn create(shop: Data<Shop>, request: HttpRequest, body: Result<Bytes, actix_web::Error>) -> Response {
    match body {
        Ok(body) => Response(shop.create_order(incoming(&request, &body)).await),
        Err(error) => unreadable(&error),
    }
}

async fn refund(
    shop: Data<Shop>,
    number: Path<String>,
    request: HttpRequest,
    body: Result<Bytes, actix_web::Error>,
) -> Response {
    match body {
        Ok(body) => Response(shop.refund_order(&number, incoming(&request, &body)).await),
        Err(error) => unreadable(&error),
    }
}

async fn order(shop: Data<Shop>, number: Path<String>) -> Response {
    Response(shop.order(&number).await)
}

async fn receipt(shop: Data<Shop>, number: Path<String>) -> Response {
    Response(shop.receipt(&number).await)
}

async fn sync(shop: Data<Shop>, number: Path<String>) -> Response {
    Response(shop.sync_order(&number).await)
}

async fn close(shop: Data<Shop>, number: Path<String>) -> Response {
    Response(shop.close_order(&number).await)
}

async fn page(shop: Data<Shop>, query: Query<Vec<(String, String)>>, request: HttpRequest) -> Response {
    Response(
        shop.page(PageRequest {
            lang: query
                .iter()
                .find(|(name, _)| name == "lang")
                .map(|(_, value)| value.as_str()),
            cookie: text(&request, &header::COOKIE),
            accept_language: text(&request, &header::ACCEPT_LANGUAGE),
        }),
    )
}

async fn asset(shop: Data<Shop>, name: Path<String>) -> Response {
    Response(shop.asset(&name))
}

async fn healthz(shop: Data<Shop>) -> Response {
    Response(shop.healthz())
}

async fn readyz(shop: Data<Shop>) -> Response {
    Response(shop.readyz().await)
}

pub(crate) async fn no_such_route() -> Response {
    Response(Reply::no_such_route())
}

async fn method_not_allowed() -> Response {
    Response(Reply::method_not_allowed())
}

fn unreadable(error: &actix_web::Error) -> Response {
    Response(Reply::unreadable(
        error.as_response_error().status_code().as_u16(),
    ))
}

fn incoming<'a>(request: &'a HttpRequest, body: &'a Bytes) -> Incoming<'a> {
    Incoming {
        content_type: text(request, &header::CONTENT_TYPE),
        user_agent: text(request, &header::USER_AGENT),
        peer: request.peer_addr().map(|address| address.ip()),
        body,
    }
}

fn text<'a>(request: &'a HttpRequest, name: &header::HeaderName) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// A reply of the shop as a response of actix-web.
pub(crate) struct Response(Reply);

impl Responder for Response {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Reply {
            status,
            headers,
            body,
        } = self.0;
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        for header in headers {
            response.insert_header(header);
        }
        response.body(body)
    }
}

//! The routes: each handler passes its input to the shop and converts the reply.

use std::{io::Cursor, net::SocketAddr};

use rocket::{
    Catcher, Data, Request, Response, Route, State, catch, catchers,
    data::{FromData, Outcome as DataOutcome, ToByteUnit as _},
    get,
    http::{Header, Status},
    outcome::Outcome,
    post,
    request::FromRequest,
    response::Responder,
    routes,
};
use shop::{BODY_LIMIT, Incoming, PageRequest, Reply, Shop};
use wechatpay_core::notify::AnyResource;
use wechatpay_rocket::{Ack, Nack, Notification};

/// The shop's routes.
pub(crate) fn all() -> Vec<Route> {
    routes![
        page, asset, create, order, receipt, sync, close, refund, notified, healthz, readyz
    ]
}

/// Responses to unknown routes.
pub(crate) fn catchers() -> Vec<Catcher> {
    catchers![not_found, other]
}

/// A notification that is genuine and ours; the handler never sees another.
#[post("/wechatpay/notify", data = "<notification>")]
async fn notified(shop: &State<Shop>, notification: Notification<AnyResource>) -> Result<Ack, Nack> {
    Ok(shop.notified(notification.into()).await?.into())
}

#[post("/orders", data = "<body>")]
async fn create(shop: &State<Shop>, headers: Headers<'_>, body: Body) -> ReplyResponse {
    match body.0 {
        Ok(body) => ReplyResponse(shop.create_order(headers.incoming(&body)).await),
        Err(reply) => ReplyResponse(reply),
    }
}

#[post("/orders/<number>/refunds", data = "<body>")]
async fn refund(shop: &State<Shop>, number: &str, headers: Headers<'_>, body: Body) -> ReplyResponse {
    match body.0 {
        Ok(body) => ReplyResponse(shop.refund_order(number, headers.incoming(&body)).await),
        Err(reply) => ReplyResponse(reply),
    }
}

#[get("/orders/<number>")]
async fn order(shop: &State<Shop>, number: &str) -> ReplyResponse {
    ReplyResponse(shop.order(number).await)
}

#[get("/orders/<number>/receipt")]
async fn receipt(shop: &State<Shop>, number: &str) -> ReplyResponse {
    ReplyResponse(shop.receipt(number).await)
}

#[post("/orders/<number>/sync")]
async fn sync(shop: &State<Shop>, number: &str) -> ReplyResponse {
    ReplyResponse(shop.sync_order(number).await)
}

#[post("/orders/<number>/close")]
async fn close(shop: &State<Shop>, number: &str) -> ReplyResponse {
    ReplyResponse(shop.close_order(number).await)
}

#[get("/?<lang>")]
fn page(shop: &State<Shop>, lang: Option<&str>, headers: Headers<'_>) -> ReplyResponse {
    ReplyResponse(shop.page(PageRequest {
        lang,
        cookie: headers.get("cookie"),
        accept_language: headers.get("accept-language"),
    }))
}

#[get("/assets/<name>")]
fn asset(shop: &State<Shop>, name: &str) -> ReplyResponse {
    ReplyResponse(shop.asset(name))
}

#[get("/healthz")]
fn healthz(shop: &State<Shop>) -> ReplyResponse {
    ReplyResponse(shop.healthz())
}

#[get("/readyz")]
async fn readyz(shop: &State<Shop>) -> ReplyResponse {
    ReplyResponse(shop.readyz().await)
}

/// Responds to an unknown path or method, which Rocket does not tell apart.
#[catch(404)]
fn not_found() -> ReplyResponse {
    ReplyResponse(Reply::no_such_route())
}

#[catch(default)]
fn other(status: Status, _: &Request<'_>) -> ReplyResponse {
    ReplyResponse(Reply::error(status.code, "ERROR", status.reason_lossy()))
}

/// Headers that the shop needs.
#[derive(Clone, Copy)]
struct Headers<'r> {
    request: &'r Request<'r>,
    peer: Option<SocketAddr>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Headers<'r> {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, (Status, Self::Error), Status> {
        Outcome::Success(Self {
            request,
            peer: request.remote(),
        })
    }
}

impl Headers<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.request.headers().get_one(name)
    }

    fn incoming<'a>(&'a self, body: &'a [u8]) -> Incoming<'a> {
        Incoming {
            content_type: self.get("content-type"),
            user_agent: self.get("user-agent"),
            peer: self.peer.map(|address| address.ip()),
            body,
        }
    }
}

/// A small body, or the response to one that could not be read.
struct Body(Result<Vec<u8>, Reply>);

#[rocket::async_trait]
impl<'r> FromData<'r> for Body {
    type Error = std::convert::Infallible;

    async fn from_data(_: &'r Request<'_>, data: Data<'r>) -> DataOutcome<'r, Self> {
        let read = data.open(BODY_LIMIT.bytes()).into_bytes().await;
        DataOutcome::Success(Self(match read {
            Ok(body) if body.is_complete() => Ok(body.into_inner()),
            Ok(_) => Err(Reply::unreadable(413)),
            Err(_) => Err(Reply::unreadable(400)),
        }))
    }
}

/// A reply of the shop as a response of Rocket.
struct ReplyResponse(Reply);

impl<'r> Responder<'r, 'static> for ReplyResponse {
    fn respond_to(self, _: &'r Request<'_>) -> rocket::response::Result<'static> {
        let Reply {
            status,
            headers,
            body,
        } = self.0;
        let mut response = Response::build();
        response
            .status(Status::new(status))
            .sized_body(body.len(), Cursor::new(body));
        for (name, value) in headers {
            response.header(Header::new(name, value));
        }
        response.ok()
    }
}

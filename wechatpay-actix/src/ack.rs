//! What a handler responds.

use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError, body::BoxBody, http::StatusCode};
use wechatpay_core::notify;

/// The acknowledgement: 204. Return it only after what had to be done is done or durably queued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "an acknowledgement must be returned to the platform"]
pub struct Ack;

impl Responder for Ack {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl From<notify::Ack> for Ack {
    fn from(_: notify::Ack) -> Self {
        Self
    }
}

/// A rejection: never 2xx, with the platform's JSON. The platform sends again.
///
/// It is an error of actix-web too, so a handler may return `Result<Ack, Nack>` and use `?`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the notification was rejected with {}", .0.status())]
#[must_use = "a rejection must be returned to the platform"]
pub struct Nack(pub notify::Nack);

impl Nack {
    /// 500: the work could not be done.
    pub const fn failed() -> Self {
        Self(notify::Nack::failed())
    }

    /// 503: not just now.
    pub const fn unavailable() -> Self {
        Self(notify::Nack::unavailable())
    }

    /// 409: it is being handled at this moment.
    pub const fn in_progress() -> Self {
        Self(notify::Nack::in_progress())
    }

    /// 403: it contradicts what is known.
    pub const fn mismatch() -> Self {
        Self(notify::Nack::mismatch())
    }
}

impl From<notify::Nack> for Nack {
    fn from(rejection: notify::Nack) -> Self {
        Self(rejection)
    }
}

impl Responder for Nack {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(self.0)
    }
}

impl ResponseError for Nack {
    fn status_code(&self) -> StatusCode {
        status(self.0)
    }

    fn error_response(&self) -> HttpResponse {
        response(self.0)
    }
}

/// The status as actix-web's own type: it is on `http` 0.2, and no type of either version crosses.
pub(crate) fn status(rejection: notify::Nack) -> StatusCode {
    StatusCode::from_u16(rejection.status().as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(crate) fn response(rejection: notify::Nack) -> HttpResponse {
    let status = status(rejection);
    let mut response = HttpResponse::build(status);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.insert_header(("allow", "POST"));
    }
    response
        .content_type(rejection.content_type())
        .body(rejection.body())
}

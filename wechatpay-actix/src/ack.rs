//! Responses of a handler.

use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError, body::BoxBody, http::StatusCode};
use wechatpay_core::notify;

wechatpay_tower::__define_responses!();

impl Responder for Ack {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        acknowledged()
    }
}

impl std::fmt::Display for Nack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the notification was not acknowledged: {}", self.0.status())
    }
}

impl std::error::Error for Nack {}

impl Responder for Nack {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(self.0)
    }
}

/// Lets a handler return `Result<Ack, Nack>` and use `?`.
impl ResponseError for Nack {
    fn status_code(&self) -> StatusCode {
        status(self.0)
    }

    fn error_response(&self) -> HttpResponse {
        response(self.0)
    }
}

/// The response that acknowledges, with the mark that the middleware looks for.
pub(crate) fn acknowledged() -> HttpResponse {
    let mut response = HttpResponse::NoContent().finish();
    response.extensions_mut().insert(notify::Ack);
    response
}

/// Returns true if a response acknowledges: a 2xx made from [`Ack`].
pub(crate) fn is_acknowledged<B>(response: &HttpResponse<B>) -> bool {
    response.status().is_success() && response.extensions().get::<notify::Ack>().is_some()
}

/// The status in actix-web's own type.
///
/// actix-web uses `http` 0.2, so no type of either version crosses.
pub(crate) fn status(nack: notify::Nack) -> StatusCode {
    StatusCode::from_u16(nack.status().as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

pub(crate) fn response(nack: notify::Nack) -> HttpResponse {
    let status = status(nack);
    let mut response = HttpResponse::build(status);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.insert_header(("allow", "POST"));
    }
    response.content_type(nack.content_type()).body(nack.body())
}

//! Responses of a handler.

use std::{
    io::Cursor,
    sync::atomic::{AtomicBool, Ordering},
};

use rocket::{
    Request, Response,
    http::{ContentType, Status},
    response::{Responder, Result},
};

wechatpay_tower::__define_responses!();

/// Set when the response of a request was made of an [`Ack`].
#[derive(Default)]
struct Acknowledged(AtomicBool);

/// Returns true if the response of this request was made of an [`Ack`].
pub(crate) fn is_acknowledged(request: &Request<'_>) -> bool {
    request
        .local_cache(Acknowledged::default)
        .0
        .load(Ordering::Relaxed)
}

impl<'r> Responder<'r, 'static> for Ack {
    fn respond_to(self, request: &'r Request<'_>) -> Result<'static> {
        request
            .local_cache(Acknowledged::default)
            .0
            .store(true, Ordering::Relaxed);
        Response::build().status(Status::NoContent).ok()
    }
}

impl Nack {
    pub(crate) fn status(self) -> Status {
        Status::from_code(self.0.status().as_u16()).unwrap_or(Status::InternalServerError)
    }

    /// Writes status, content type and body into a response that Rocket made.
    pub(crate) fn write_to(self, response: &mut Response<'_>) {
        let body = self.0.body();
        response.set_status(self.status());
        response.set_header(ContentType::JSON);
        response.set_sized_body(body.len(), Cursor::new(body));
    }
}

impl<'r> Responder<'r, 'static> for Nack {
    fn respond_to(self, _: &'r Request<'_>) -> Result<'static> {
        let mut response = Response::new();
        self.write_to(&mut response);
        Ok(response)
    }
}

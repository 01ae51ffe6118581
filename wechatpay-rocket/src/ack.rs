//! What a handler responds.

use std::io::Cursor;

use rocket::{
    Request, Response,
    http::{ContentType, Status},
    response::{Responder, Result},
};
use wechatpay_core::notify;

/// The acknowledgement: 204. Return it only after what had to be done is done or durably queued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "an acknowledgement must be returned to the platform"]
pub struct Ack;

impl<'r> Responder<'r, 'static> for Ack {
    fn respond_to(self, _: &'r Request<'_>) -> Result<'static> {
        Response::build().status(Status::NoContent).ok()
    }
}

impl From<notify::Ack> for Ack {
    fn from(_: notify::Ack) -> Self {
        Self
    }
}

/// A rejection: never 2xx, with the platform's JSON. The platform sends again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl From<notify::Nack> for Nack {
    fn from(rejection: notify::Nack) -> Self {
        Self(rejection)
    }
}

impl<'r> Responder<'r, 'static> for Nack {
    fn respond_to(self, _: &'r Request<'_>) -> Result<'static> {
        let mut response = Response::new();
        self.write_to(&mut response);
        Ok(response)
    }
}

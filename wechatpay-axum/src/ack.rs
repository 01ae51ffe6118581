//! What a handler responds.

use axum_core::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use wechatpay_core::notify;

/// The acknowledgement: 204. Return it only after what had to be done is done or durably queued.
///
/// ```
/// use axum_core::response::IntoResponse;
/// use wechatpay_axum::Ack;
///
/// assert_eq!(Ack.into_response().status(), 204);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use = "an acknowledgement must be returned to the platform"]
pub struct Ack;

impl IntoResponse for Ack {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
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
}

impl From<notify::Nack> for Nack {
    fn from(rejection: notify::Nack) -> Self {
        Self(rejection)
    }
}

impl IntoResponse for Nack {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static(self.0.content_type());
        (self.0.status(), [(CONTENT_TYPE, content_type)], self.0.body()).into_response()
    }
}

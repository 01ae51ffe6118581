//! Responses of a handler.

use axum_core::response::{IntoResponse, Response};
use http::{HeaderValue, header::CONTENT_TYPE};
use wechatpay_core::notify;

wechatpay_tower::__define_responses!();

impl IntoResponse for Ack {
    fn into_response(self) -> Response {
        notify::Ack.into_response()
    }
}

impl IntoResponse for Nack {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static(self.0.content_type());
        (self.0.status(), [(CONTENT_TYPE, content_type)], self.0.body()).into_response()
    }
}

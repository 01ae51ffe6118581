//! A rejection as a response.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderValue, Response,
    header::{ALLOW, CONTENT_TYPE},
};
use wechatpay_core::notify::{Nack, NotificationError};

use crate::MaybeBuffered;

/// Response extension: why a notification was rejected. For layers outside to log or count; the network is not told.
#[derive(Clone, Debug)]
pub struct Rejected(pub Arc<NotificationError>);

/// The response to a rejected notification: its status, and a body that is constant for the status.
pub fn rejection_response<B>(error: NotificationError) -> Response<MaybeBuffered<B>> {
    let rejection = Nack::from(&error);
    let mut response = Response::new(MaybeBuffered::buffered(Bytes::from_static(
        rejection.body().as_bytes(),
    )));
    *response.status_mut() = rejection.status();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(rejection.content_type()));
    if matches!(error, NotificationError::Method) {
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response.extensions_mut().insert(Rejected(Arc::new(error)));
    response
}

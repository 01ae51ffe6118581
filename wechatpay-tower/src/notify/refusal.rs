//! A refusal as a response.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderValue, Response,
    header::{ALLOW, CONTENT_TYPE},
};
use wechatpay_core::notify::{NotificationError, Refusal};

use crate::MaybeBuffered;

/// Response extension: why a notification was refused. For layers outside to log or count; the network is not told.
#[derive(Clone, Debug)]
pub struct Refused(pub Arc<NotificationError>);

/// The response to a refused notification: its status, and a body that is constant for the status.
pub fn refusal_response<B>(error: NotificationError) -> Response<MaybeBuffered<B>> {
    let refusal = Refusal::from(&error);
    let mut response = Response::new(MaybeBuffered::buffered(Bytes::from_static(
        refusal.body().as_bytes(),
    )));
    *response.status_mut() = refusal.status();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(refusal.content_type()));
    if matches!(error, NotificationError::Method) {
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response.extensions_mut().insert(Refused(Arc::new(error)));
    response
}

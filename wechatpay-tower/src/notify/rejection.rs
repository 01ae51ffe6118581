//! Rejections as responses.

use std::sync::Arc;

use bytes::Bytes;
use http::{
    HeaderValue, Response,
    header::{ALLOW, CONTENT_TYPE},
};
use wechatpay_core::notify::{Nack, NotificationError};

use crate::MaybeBuffered;

/// Response extension with the reason why a notification was rejected.
///
/// It is for outer layers, which may log or count it. The response itself does not contain the reason.
#[derive(Clone, Debug)]
pub struct Rejected(pub Arc<NotificationError>);

/// Makes the response to a rejected notification.
///
/// The body is constant for each status.
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

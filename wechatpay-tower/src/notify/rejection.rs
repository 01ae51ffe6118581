//! Rejections as responses.

use std::sync::Arc;

use http::{HeaderValue, Response, header::ALLOW};
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
    let mut response = Nack::from(&error).into_response::<MaybeBuffered<B>>();
    if matches!(error, NotificationError::Method) {
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response.extensions_mut().insert(Rejected(Arc::new(error)));
    response
}

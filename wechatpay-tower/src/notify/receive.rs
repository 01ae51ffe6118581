//! The pipeline as one function, for extractors and servers without a layer.

use bytes::Bytes;
use http::{Request, request::Parts};
use http_body::Body;
use wechatpay_core::{
    BoxError,
    notify::{NotificationError, NotificationReceiver, VerifiedNotification},
};

use super::future::body_error;
use crate::buffer::Buffer;

/// Reads a request, verifies it and decrypts its notification.
///
/// Limit and deadline of the body are those of the receiver. Returns the notification, the parts of the request and
/// the raw body.
///
/// # Errors
/// Returns the first check that fails. [`rejection_response`](super::rejection_response) converts it into a response.
///
/// # Cancel safety
/// Dropping the future has no effect.
///
/// # Panics
/// Panics outside a tokio runtime with time enabled.
pub async fn receive<B>(
    receiver: &NotificationReceiver,
    request: Request<B>,
) -> Result<(VerifiedNotification, Parts, Bytes), NotificationError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    let (parts, body) = request.into_parts();
    let pairs = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()));
    let ready = receiver.begin(parts.method.as_str(), pairs)?.ready().await?;
    let buffer = Buffer::new(body, receiver.body_limit());
    let bytes = match tokio::time::timeout(receiver.body_deadline(), buffer).await {
        Ok(outcome) => outcome.map_err(Some),
        Err(_) => Err(None),
    }
    .map_err(|failure| body_error(receiver, failure))?;
    let notification = ready.finish(bytes.clone())?;
    Ok((notification, parts, bytes))
}

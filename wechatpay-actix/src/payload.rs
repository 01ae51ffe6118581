//! The whole pipeline over actix's own header map and payload.

use std::{future::poll_fn, pin::Pin};

use actix_web::{HttpRequest, dev::Payload};
use bytes::{Bytes, BytesMut};
use futures_core::Stream as _;
use wechatpay_core::notify::{NotificationError, VerifiedNotification};

use crate::source::ReceiverSource;

/// Verifies and decrypts; gives back the raw body beside the notification.
///
/// The payload is read raw: actix's `web::Bytes` would decode it by its content encoding and has a limit of its own.
pub(crate) async fn receive(
    source: &ReceiverSource,
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<(VerifiedNotification, Bytes), NotificationError> {
    let ready = source.begin(request).await?.ready().await?;
    let receiver = ready.receiver();
    let read = read(payload, receiver.body_limit());
    let body = match tokio::time::timeout(receiver.body_deadline(), read).await {
        Ok(outcome) => outcome,
        Err(_) => Err(NotificationError::BodyTimeout),
    }
    .inspect_err(|error| receiver.rejected(error))?;
    let notification = ready.finish(body.clone())?;
    Ok((notification, body))
}

async fn read(payload: &mut Payload, limit: usize) -> Result<Bytes, NotificationError> {
    // Nearly every body is one chunk, which is then handed on without a copy.
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(chunk) = poll_fn(|cx| Pin::new(&mut *payload).poll_next(cx)).await {
        let chunk = chunk.map_err(|error| NotificationError::BodyAborted(error.to_string().into()))?;
        let held = first.len().saturating_add(rest.len());
        if held.saturating_add(chunk.len()) > limit {
            return Err(NotificationError::TooLarge { limit });
        }
        if held == 0 {
            first = chunk;
        } else {
            if rest.is_empty() {
                rest.extend_from_slice(&std::mem::take(&mut first));
            }
            rest.extend_from_slice(&chunk);
        }
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

//! Sends a recorded request once more, as its client would.

use std::sync::Arc;

use axum::{body::Body, extract::Request};
use http::{HeaderValue, header::AUTHORIZATION};
use wechatpay_core::sign::{LocalSigner, RequestSigner};

use super::{Received, State, respond};
use crate::{gateway::Gateway, gateway::traffic::RecordedRequest};

/// Replays the request of this number. Returns false if it is no longer kept.
///
/// A request whose signature was good is signed anew, because a signature is valid for five minutes only; any other
/// request is sent unchanged.
pub async fn replay(gateway: &Arc<Gateway>, number: u64) -> bool {
    let found = gateway
        .requests
        .latest(1, |request| request.number == number)
        .pop();
    let Some(recorded) = found else { return false };
    let authorization = signed_anew(gateway, &recorded).await;
    let mut request = again(&recorded);
    if let Some(authorization) = authorization {
        request.headers_mut().insert(AUTHORIZATION, authorization);
    }
    respond(State(Arc::clone(gateway)), request).await;
    true
}

fn again(recorded: &RecordedRequest) -> Request {
    let mut request = Request::new(Body::from(recorded.body.clone()));
    *request.method_mut() = recorded.method.clone();
    *request.uri_mut() = recorded.target.parse().unwrap_or_default();
    *request.headers_mut() = recorded.headers.clone();
    request
}

async fn signed_anew(gateway: &Gateway, recorded: &RecordedRequest) -> Option<HeaderValue> {
    let merchant = gateway.world.merchants.get(recorded.mchid.as_deref()?)?;
    let (serial, pem) = merchant
        .valid_keys()
        .find_map(|key| Some((key.serial.clone(), key.private_pem.clone()?)))?;
    let signer = LocalSigner::new(serial, &pem.into(), gateway.platform.provider()).ok()?;
    let again = again(recorded);
    let is_upload = gateway.takes_upload(&again);
    let (received, _) = Received::read(again, is_upload).await;
    RequestSigner::new(merchant.mchid.clone(), Arc::new(signer))
        .clock(gateway.platform.wire_clock.clone())
        .authorize(&recorded.method, &recorded.target, received.signed)
        .await
        .ok()?
        .to_header_value()
        .ok()
}

//! The service.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, uri::Authority};
use http_body::Body;
use tower_layer::Layer as _;
use tower_service::Service;
use wechatpay_core::{BoxError, sign::RequestSigner};

use super::{ResponseFuture, SignLayer, SignedPayload, layer::Config};
use crate::{Error, MaybeBuffered, buffer::Buffer, macros::inner_service_accessors};

/// Service that signs each request and passes it on.
///
/// `S` must be `Clone`: the body is read and signed before the inner call, so the instance that was polled ready moves
/// into the future and a clone takes its place.
#[derive(Clone, Debug)]
pub struct Sign<S> {
    pub(super) inner: S,
    pub(super) config: Arc<Config>,
}

impl<S> Sign<S> {
    /// Wraps `inner` with the defaults of [`SignLayer::new`].
    pub fn new(inner: S, signer: RequestSigner) -> Self {
        SignLayer::new(signer).layer(inner)
    }

    inner_service_accessors!();
}

impl Sign<()> {
    /// Returns the layer that makes this service.
    #[must_use]
    pub fn layer(signer: RequestSigner) -> SignLayer {
        SignLayer::new(signer)
    }
}

impl<S, B> Service<Request<B>> for Sign<S>
where
    S: Service<Request<MaybeBuffered<B>>> + Clone,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Response = S::Response;
    type Error = Error;
    type Future = ResponseFuture<S, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Error::from_inner)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let clone = self.inner.clone();
        // The clone was never polled ready; the original was.
        let ready = std::mem::replace(&mut self.inner, clone);
        let config = Arc::clone(&self.config);
        if !config.hosts.allow(request.uri()) {
            let host = request
                .uri()
                .authority()
                .map_or_else(|| "no host".to_owned(), |authority| bare(authority).to_owned());
            return ResponseFuture::failed(Error::HostNotAllowed { host });
        }
        if has_dot_segment(request.uri().path()) {
            return ResponseFuture::failed(Error::TargetRewritten);
        }
        let (mut parts, body) = request.into_parts();
        match parts.extensions.remove::<SignedPayload>() {
            Some(SignedPayload(payload)) => {
                ResponseFuture::sign(ready, config, parts, payload, MaybeBuffered::stream(body))
            }
            None => {
                let buffer = Buffer::new(body, config.body_limit);
                ResponseFuture::buffer(ready, config, parts, buffer)
            }
        }
    }
}

/// Returns `true` if a segment is `.` or `..`, in any spelling.
///
/// Clients and proxies resolve such segments, and then another path arrives than was signed.
fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| {
        let dots = segment.to_ascii_lowercase().replace("%2e", ".");
        dots == "." || dots == ".."
    })
}

/// Returns the authority without user name and password, which must not be logged.
fn bare(authority: &Authority) -> &str {
    authority.as_str().rsplit('@').next().unwrap_or_default()
}

//! The service.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer as _;
use tower_service::Service;
use wechatpay_core::{BoxError, verify::Verifier};

use super::{ResponseFuture, ResponsePolicy, VerifyResponseLayer};
use crate::{Error, MaybeBuffered, macros::inner_service_accessors};

/// Service that passes requests on and verifies their responses.
///
/// The inner service is called at once, so it need not be `Clone`.
#[derive(Clone, Debug)]
pub struct VerifyResponse<S> {
    pub(super) inner: S,
    pub(super) verifier: Verifier,
    pub(super) body_limit: usize,
}

impl<S> VerifyResponse<S> {
    /// Wraps `inner` with the defaults of [`VerifyResponseLayer::new`].
    pub fn new(inner: S, verifier: Verifier) -> Self {
        VerifyResponseLayer::new(verifier).layer(inner)
    }

    inner_service_accessors!();
}

impl VerifyResponse<()> {
    /// Returns the layer that makes this service.
    #[must_use]
    pub fn layer(verifier: Verifier) -> VerifyResponseLayer {
        VerifyResponseLayer::new(verifier)
    }
}

impl<S, R, B> Service<Request<R>> for VerifyResponse<S>
where
    S: Service<Request<R>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Response = Response<MaybeBuffered<B>>;
    type Error = Error;
    type Future = ResponseFuture<S::Future, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.inner.poll_ready(cx).map_err(Error::from_inner)
    }

    fn call(&mut self, request: Request<R>) -> Self::Future {
        let policy = request
            .extensions()
            .get::<ResponsePolicy>()
            .copied()
            .unwrap_or_default();
        ResponseFuture::new(
            self.inner.call(request),
            self.verifier.clone(),
            policy,
            self.body_limit,
        )
    }
}

//! The service.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;
use wechatpay_core::{BoxError, verify::Verifier};

use super::{ResponseFuture, ResponsePolicy};
use crate::{Error, MaybeBuffered};

/// Passes requests on and verifies their responses. The inner service is called at once, so it need not be `Clone`.
#[derive(Clone, Debug)]
pub struct VerifyResponse<S> {
    pub(super) inner: S,
    pub(super) verifier: Verifier,
    pub(super) body_limit: usize,
}

impl<S> VerifyResponse<S> {
    /// The service inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service inside, mutable.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service inside, by value.
    pub fn into_inner(self) -> S {
        self.inner
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

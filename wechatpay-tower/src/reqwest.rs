//! The layers over a `reqwest::Client` that you have (feature `reqwest`).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;
use wechatpay_core::BoxError;

use crate::NotSent;

/// A `reqwest::Client` as a service of `http` requests.
///
/// Build the client with `redirect(Policy::none())`, and without its compression features: a followed redirect would carry
/// a signature for another path, and a decompressed body is not the one that was signed.
#[derive(Clone)]
pub struct ReqwestService(reqwest::Client);

impl ReqwestService {
    /// Wraps a client.
    #[must_use]
    pub fn new(client: reqwest::Client) -> Self {
        Self(client)
    }
}

impl<B> Service<Request<B>> for ReqwestService
where
    B: Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<reqwest::Body>;
    type Error = BoxError;
    type Future = ReqwestFuture;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ReqwestFuture {
        let client = self.0.clone();
        let request = reqwest::Request::try_from(request.map(reqwest::Body::wrap));
        ReqwestFuture(Box::pin(async move {
            match client.execute(request.map_err(NotSent::wrap)?).await {
                Ok(response) => Ok(response.into()),
                Err(error) if error.is_connect() || error.is_builder() => Err(NotSent::wrap(error)),
                Err(error) => Err(error.into()),
            }
        }))
    }
}

impl NotSent {
    fn wrap(error: reqwest::Error) -> BoxError {
        // The URL of a request may carry a token.
        Self(error.without_url().into()).into()
    }
}

impl fmt::Debug for ReqwestService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestService(..)")
    }
}

type Answer = Result<Response<reqwest::Body>, BoxError>;

/// Future of [`ReqwestService`].
pub struct ReqwestFuture(Pin<Box<dyn Future<Output = Answer> + Send>>);

impl Future for ReqwestFuture {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for ReqwestFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestFuture(..)")
    }
}

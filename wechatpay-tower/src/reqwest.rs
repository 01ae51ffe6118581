//! The layers over an existing `reqwest::Client` (feature `reqwest`).

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use http_body::{Body, Frame, SizeHint};
use pin_project::pin_project;
use tower_service::Service;
use wechatpay_core::BoxError;

use crate::{Error, NotSent};

const NO_TLS: &str =
    "https needs TLS, which was not compiled in; enable a TLS feature of reqwest, such as `rustls`";

/// A `reqwest::Client` as a service of `http` requests.
///
/// Build the client with `redirect(Policy::none())` and without its compression features: a redirected request would
/// carry a signature for another path, and the signature of a response does not cover the decompressed body. Add
/// `http1_title_case_headers()` and a `pool_idle_timeout` of less than the platform's eight seconds.
///
/// # Errors
///
/// - [`Error::TargetRewritten`], before anything is sent: `reqwest` would send another path or query than was signed.
/// - [`Error::RedirectFollowed`]: the response comes from another URL than the requested one.
/// - [`NotSent`]: no connection was made, or the URI is `https` and `reqwest` was compiled without TLS.
/// - Any other error of `reqwest`. None of them contains the URL, which may contain a token.
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
        let uri = request.uri().clone();
        // Connection errors may also concern the target of a redirect, after the request itself was sent. Only a body
        // that was read shows that; a write without a body counts as sent.
        let is_read = request.method() == Method::GET;
        let sent = Arc::new(AtomicBool::new(!is_read && request.body().is_end_stream()));
        let body_read = Arc::clone(&sent);
        let request = request.map(|body| {
            reqwest::Body::wrap(Watched {
                body,
                read: body_read,
            })
        });
        let request = reqwest::Request::try_from(request);
        ReqwestFuture(Box::pin(async move {
            let request = request.map_err(|error| NotSent(error.without_url().into()))?;
            let url = request.url().clone();
            if !is_kept(&uri, &url) {
                return Err(Error::TargetRewritten.into());
            }
            match client.execute(request).await {
                Ok(response) if *response.url() != url => Err(Error::RedirectFollowed.into()),
                Ok(response) => Ok(response.into()),
                Err(error) if error.is_redirect() => Err(Error::RedirectFollowed.into()),
                Err(error) if (error.is_builder() || error.is_connect()) && !sent.load(Ordering::Acquire) => {
                    let error = error.without_url();
                    Err(match url.scheme() {
                        "https" if lacks_tls(&error) => NotSent(NO_TLS.into()).into(),
                        _ => NotSent(error.into()).into(),
                    })
                }
                Err(error) => Err(error.without_url().into()),
            }
        }))
    }
}

/// Returns `true` if the URL has the signed path and query, byte for byte.
fn is_kept(uri: &Uri, url: &reqwest::Url) -> bool {
    uri.path() == url.path() && uri.query() == url.query()
}

/// Returns `true` if the connector of `reqwest` supports `http` only.
fn lacks_tls(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("scheme is not http") {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A body that records whether it was read.
#[pin_project]
struct Watched<B> {
    #[pin]
    body: B,
    read: Arc<AtomicBool>,
}

impl<B: Body> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        this.read.store(true, Ordering::Release);
        this.body.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for ReqwestService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestService(..)")
    }
}

type Outcome = Result<Response<reqwest::Body>, BoxError>;

/// Response future of [`ReqwestService`].
pub struct ReqwestFuture(Pin<Box<dyn Future<Output = Outcome> + Send>>);

impl Future for ReqwestFuture {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for ReqwestFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestFuture(..)")
    }
}

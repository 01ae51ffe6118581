//! HTTP transport of hyper: pooled, HTTP/1.1, TLS by rustls (feature `hyper`).
//!
//! Its roots are those of Mozilla. TLS needs the feature `aws-lc-rs` or `rust-crypto` of this crate. Without either,
//! `https` is an error and nothing is sent; plain `http` to a sandbox works.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, uri::Scheme};
use http_body::Body;
use http_body_util::{BodyExt as _, combinators::UnsyncBoxBody};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tower_service::Service;
use wechatpay_core::BoxError;

use crate::{MaybeBuffered, NotSent, RequestBody};

/// Timeout of connecting, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Time after which idle connections are closed.
///
/// The platform closes them after 8 s (`Keep-Alive: timeout=8`). A request on a connection that the other side closes
/// has an unknown outcome.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
/// `true` if TLS is compiled in.
///
/// Without it a connector would send a signed request in clear text.
const HAS_TLS: bool = cfg!(any(feature = "aws-lc-rs", feature = "rust-crypto"));
const NO_TLS: &str = "https needs TLS, which was not compiled in; enable the feature `aws-lc-rs` or `rust-crypto` of wechatpay-tower";

#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
type Connector = HttpConnector;

/// HTTP client as a tower service. Cheap to clone: clones share one pool.
///
/// It follows no redirects and decompresses nothing.
pub struct HyperTransport<B = MaybeBuffered<RequestBody>> {
    client: Client<Connector, B>,
}

impl<B> HyperTransport<B>
where
    B: Body + Send + 'static,
    B::Data: Send,
{
    /// Creates a client with its own pool.
    ///
    /// # Errors
    /// Returns an error if the TLS backend lacks the required protocol versions.
    pub fn new() -> Result<Self, BoxError> {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            // As the platform writes them. Some gateways and test servers compare names case-sensitively.
            .http1_title_case_headers(true)
            .build(connector()?);
        Ok(Self { client })
    }
}

#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
fn connector() -> Result<Connector, BoxError> {
    #[cfg(feature = "aws-lc-rs")]
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    let provider = rustls::crypto::ring::default_provider();
    Ok(hyper_rustls::HttpsConnectorBuilder::new()
        .with_provider_and_webpki_roots(provider)?
        // `Sign` decides which hosts may be reached without TLS.
        .https_or_http()
        .enable_http1()
        .wrap_connector(http_connector()))
}

#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
fn connector() -> Result<Connector, BoxError> {
    Ok(http_connector())
}

fn http_connector() -> HttpConnector {
    let mut http = HttpConnector::new();
    http.enforce_http(!HAS_TLS);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    http
}

impl<B> Service<Request<B>> for HyperTransport<B>
where
    B: Body + Send + Unpin + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<UnsyncBoxBody<Bytes, BoxError>>;
    type Error = BoxError;
    type Future = TransportFuture;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> TransportFuture {
        if !HAS_TLS && request.uri().scheme() != Some(&Scheme::HTTP) {
            return TransportFuture(Box::pin(std::future::ready(Err(NotSent(NO_TLS.into()).into()))));
        }
        let response = self.client.request(request);
        TransportFuture(Box::pin(async move {
            match response.await {
                Ok(response) => Ok(response.map(|body| body.map_err(Into::into).boxed_unsync())),
                Err(error) if error.is_connect() => Err(NotSent(error.into()).into()),
                Err(error) => Err(error.into()),
            }
        }))
    }
}

impl<B> Clone for HyperTransport<B> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
        }
    }
}

impl<B> fmt::Debug for HyperTransport<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HyperTransport(..)")
    }
}

type Outcome = Result<Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError>;

/// Response future of [`HyperTransport`].
pub struct TransportFuture(Pin<Box<dyn Future<Output = Outcome> + Send>>);

impl Future for TransportFuture {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for TransportFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransportFuture(..)")
    }
}

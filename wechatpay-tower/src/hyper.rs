//! A transport that needs nothing else (feature `hyper`): pooled, HTTP/1.1, TLS by rustls with the Mozilla roots.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{BodyExt as _, combinators::UnsyncBoxBody};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tower_service::Service;
use wechatpay_core::BoxError;

use crate::{MaybeBuffered, NotSent, RequestBody};

/// Time to connect, including TLS, before another address or the caller gets its turn.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Idle connections are closed after this; the platform closes its own after about a minute.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);

#[cfg(any(feature = "aws-lc-rs", feature = "rust-crypto"))]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(any(feature = "aws-lc-rs", feature = "rust-crypto")))]
type Connector = HttpConnector;

/// An HTTP client as a tower service. Follows no redirects, decompresses nothing. Cheap to clone: all clones share one pool.
pub struct HyperTransport<B = MaybeBuffered<RequestBody>> {
    client: Client<Connector, B>,
}

impl<B> HyperTransport<B>
where
    B: Body + Send + 'static,
    B::Data: Send,
{
    /// A client with a pool of its own.
    ///
    /// # Errors
    /// When the TLS backend does not support the protocol versions that are required.
    pub fn new() -> Result<Self, BoxError> {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
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
        // Which hosts may be spoken to in clear is decided where requests are signed.
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
    http.enforce_http(false);
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

type Answer = Result<Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError>;

/// Future of [`HyperTransport`].
pub struct TransportFuture(Pin<Box<dyn Future<Output = Answer> + Send>>);

impl Future for TransportFuture {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for TransportFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransportFuture(..)")
    }
}

//! The HTTP client of notifications: no redirects, no proxy, no connection kept.

use std::time::Duration;

use bytes::Bytes;
use http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri,
    header::{ACCEPT, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, PRAGMA, USER_AGENT},
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioIo},
};
use tower_service::Service as _;

use super::{
    Sent,
    connector::{BadRoots, Connector, connector},
};
use crate::{
    journal::SendFailure,
    platform::{CompletedSignature, header_names},
    world::random::Ids,
};

/// Maximum size of a kept response.
const MAX_REPLY: usize = 64 * 1024;

/// Sends notifications.
#[derive(Clone)]
pub(crate) struct Sender {
    client: Client<Connector, Full<Bytes>>,
    connector: Connector,
}

/// A connection of its own.
pub(crate) type Connection = TokioIo<<Connector as tower_service::Service<Uri>>::Response>;

/// A receiver's response.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// Empty when it was too long or broke off.
    pub(crate) body: Bytes,
}

/// Why there was no response.
pub(crate) enum SendError {
    TimedOut,
    Failed(SendFailure),
}

impl Sender {
    /// A client that also trusts these root certificates, in PEM.
    ///
    /// # Errors
    /// There is a text, and no certificate in it.
    pub(crate) fn new(roots: &str) -> Result<Self, BadRoots> {
        let connector = connector(roots)?;
        // An idle connection would keep a receiver from shutting down.
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .http1_title_case_headers(true)
            .build(connector.clone());
        Ok(Self { client, connector })
    }

    /// Opens a connection to where this leads.
    pub(crate) async fn connect(&self, uri: &Uri) -> Result<Connection, SendError> {
        let mut connector = self.connector.clone();
        std::future::poll_fn(|cx| connector.poll_ready(cx))
            .await
            .map_err(failed)?;
        let connected = connector.call(uri.clone()).await;
        connected.map(TokioIo::new).map_err(failed)
    }

    /// Posts the body and waits for the response, at most `timeout` for all of it.
    pub(super) async fn post(
        &self,
        uri: Uri,
        sent: &Sent,
        names: Extensions,
        timeout: Duration,
    ) -> Result<Reply, SendError> {
        let mut request = Request::new(Full::new(sent.body.clone()));
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = uri;
        *request.headers_mut() = sent.headers.clone();
        *request.extensions_mut() = names;
        self.exchange(request, timeout).await
    }

    /// Sends any request and waits for the response, at most `timeout` for all of it.
    pub(crate) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        timeout: Duration,
    ) -> Result<Reply, SendError> {
        *request.extensions_mut() = header_names::platform();
        self.exchange(request, timeout).await
    }

    async fn exchange(&self, request: Request<Full<Bytes>>, timeout: Duration) -> Result<Reply, SendError> {
        let exchange = async {
            let response = self.client.request(request).await.map_err(failed)?;
            let status = response.status();
            let body = Limited::new(response.into_body(), MAX_REPLY).collect().await;
            Ok(Reply {
                status,
                body: body.map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes),
            })
        };
        match tokio::time::timeout(timeout, exchange).await {
            Ok(outcome) => outcome,
            Err(_) => Err(SendError::TimedOut),
        }
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> SendError {
    SendError::Failed(SendFailure::of(&*error.into()))
}

/// The headers of a notification. Without a signature they are those of a proxy's making.
pub(crate) fn headers(signature: Option<&CompletedSignature>, ids: &Ids) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (USER_AGENT, "Mozilla/4.0"),
        (ACCEPT, "*/*"),
        (CONNECTION, "Keep-Alive"),
        (CACHE_CONTROL, "no-cache"),
        (PRAGMA, "no-cache"),
        (CONTENT_TYPE, "application/json"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(request_id) = HeaderValue::from_str(&ids.uuid()) {
        headers.insert(HeaderName::from_static("request-id"), request_id);
    }
    if let Some(signature) = signature {
        signature.write_to(&mut headers);
    }
    headers
}

//! Stacks the layers around a transport.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use tower::{ServiceExt as _, util::BoxCloneSyncService};
use tower_layer::Layer as _;
use tower_service::Service;
use wechatpay_core::{BoxError, ConfigError, keys::KeyStore, sign::RequestSigner, verify::Verifier};

use super::{Client, Erased, HttpCertificates};
use crate::{
    Error, MaybeBuffered,
    sign::{AllowedHosts, SignLayer},
    verify::VerifyResponseLayer,
};

/// Time in which a call must be answered, unless set otherwise.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Builds a [`Client`].
#[derive(Debug)]
#[must_use = "call service()"]
pub struct ClientBuilder {
    signer: RequestSigner,
    base_url: String,
    timeout: Duration,
    user_agent: Option<HeaderValue>,
    hosts: AllowedHosts,
}

impl ClientBuilder {
    pub(super) fn new(signer: RequestSigner) -> Self {
        Self {
            signer,
            base_url: "https://api.mch.weixin.qq.com".into(),
            timeout: DEFAULT_TIMEOUT,
            user_agent: None,
            hosts: AllowedHosts::platform(),
        }
    }

    /// The gateway: scheme and host. Its host is allowed to see signatures; plain `http` works for loopback only.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Time in which a call must be answered, from connecting to the last byte; default 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Another `User-Agent`.
    pub fn user_agent(mut self, value: HeaderValue) -> Self {
        self.user_agent = Some(value);
        self
    }

    /// Further hosts that may see signatures.
    pub fn hosts(mut self, hosts: AllowedHosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Takes the transport: any tower service of `http` requests. It must not follow redirects and not decompress.
    ///
    /// # Errors
    /// A base URL that is not scheme and host.
    pub fn service<S, B>(self, transport: S, verifier: Verifier) -> Result<Client, ConfigError>
    where
        S: Service<Request<MaybeBuffered<Full<Bytes>>>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let keys = Arc::clone(verifier.keys());
        let (base, sign) = self.sign_layer(Some(Arc::clone(&keys)))?;
        let service = erase(VerifyResponseLayer::new(verifier).layer(sign.layer(transport)));
        Ok(Client::new(service, self.signer, keys, base, self.timeout))
    }

    /// The same stack without verification, for fetching certificates only: their answer verifies itself.
    ///
    /// # Errors
    /// A base URL that is not scheme and host.
    pub fn certificates<S, B>(self, transport: S) -> Result<HttpCertificates, ConfigError>
    where
        S: Service<Request<MaybeBuffered<Full<Bytes>>>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (base, sign) = self.sign_layer(None)?;
        Ok(HttpCertificates::new(erase(sign.layer(transport)), &base))
    }

    fn sign_layer(&self, announce: Option<Arc<dyn KeyStore>>) -> Result<(String, SignLayer), ConfigError> {
        let base = self.base_url.trim_end_matches('/');
        let uri: Uri = base
            .parse()
            .map_err(|_| ConfigError::Missing("a base URL of scheme and host"))?;
        let authority = match (uri.scheme(), uri.authority(), uri.path()) {
            (Some(_), Some(authority), "" | "/") => authority.clone(),
            _ => return Err(ConfigError::Missing("a base URL of scheme and host")),
        };
        let mut sign = SignLayer::new(self.signer.clone()).hosts(self.hosts.clone().and(authority));
        if let Some(keys) = announce {
            sign = sign.announce(keys);
        }
        if let Some(value) = &self.user_agent {
            sign = sign.user_agent(value.clone());
        }
        Ok((base.to_owned(), sign))
    }
}

fn erase<S, B>(service: S) -> Erased
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Error> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    BoxCloneSyncService::new(
        service.map_response(|response: Response<B>| {
            response.map(|body| body.map_err(Into::into).boxed_unsync())
        }),
    )
}

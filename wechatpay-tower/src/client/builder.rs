//! Builder of the client, which stacks the layers around a transport.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use http_body::Body;
use http_body_util::BodyExt as _;
use tower::{ServiceExt as _, util::BoxCloneSyncService};
use tower_layer::Layer as _;
use tower_service::Service;
use wechatpay_core::{
    BoxError, ConfigError, crypto::CryptoProvider, keys::KeyStore, sign::RequestSigner, verify::Verifier,
};

use super::{Client, Erased, HttpCertificateSource};
use crate::{
    Error, MaybeBuffered, RequestBody,
    failover::{Base, FailoverLayer},
    retry::RetryPolicy,
    sign::{AllowedHosts, SignLayer},
    verify::VerifyResponseLayer,
};

/// Default deadline of a call.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Builder of a [`Client`].
#[derive(Debug)]
#[must_use = "call service()"]
pub struct ClientBuilder {
    signer: RequestSigner,
    base_url: String,
    timeout: Duration,
    user_agent: Option<HeaderValue>,
    hosts: AllowedHosts,
    retry: RetryPolicy,
    backups: Option<Vec<String>>,
    provider: Option<Arc<dyn CryptoProvider>>,
}

impl ClientBuilder {
    pub(super) fn new(signer: RequestSigner) -> Self {
        Self {
            signer,
            base_url: Base::platform().to_string(),
            timeout: DEFAULT_TIMEOUT,
            user_agent: None,
            hosts: AllowedHosts::platform(),
            retry: RetryPolicy::default(),
            backups: None,
            provider: None,
        }
    }

    /// Sets the gateway: scheme and host. Default: `https://api.mch.weixin.qq.com`.
    ///
    /// Its host may receive signed requests. Plain `http` works for loopback only.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Sets the deadline of a call with all its attempts and pauses. Default: 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the `User-Agent`.
    pub fn user_agent(mut self, value: HeaderValue) -> Self {
        self.user_agent = Some(value);
        self
    }

    /// Sets further hosts that may receive signed requests.
    pub fn hosts(mut self, hosts: AllowedHosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Sets the retries of a failed call. [`RetryPolicy::none`] turns them off.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets backup hosts, tried in this order if the gateway is unreachable.
    ///
    /// Each is scheme and host, and may receive signed requests. An empty list turns the fail-over off. Default: the
    /// platform's backup `https://api2.mch.weixin.qq.com` if the gateway is the platform's main host.
    pub fn backups(mut self, base_urls: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.backups = Some(base_urls.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the crypto backend for the digests of downloaded files.
    ///
    /// Default: [`default_provider`](wechatpay_core::crypto::default_provider).
    pub fn provider(mut self, provider: Arc<dyn CryptoProvider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Builds the client over a transport, any tower service of `http` requests.
    ///
    /// The transport must not follow redirects and not decompress.
    ///
    /// # Errors
    /// Returns an error if a base URL has more than scheme and host, or less.
    pub fn service<S, B>(self, transport: S, verifier: Verifier) -> Result<Client, ConfigError>
    where
        S: Service<Request<MaybeBuffered<RequestBody>>, Response = Response<B>>
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
        let (failover, sign, hosts) = self.layers(Some(Arc::clone(&keys)))?;
        let base = failover.main();
        let verify = VerifyResponseLayer::new(verifier);
        let service = erase(failover.layer(verify.layer(sign.layer(transport))));
        let client = Client::new(service, self.signer, keys, base, self.timeout, self.retry, hosts);
        #[cfg(feature = "bills")]
        let client = client.with_provider(self.provider);
        Ok(client)
    }

    /// Builds the same stack without verification, for fetching certificates only.
    ///
    /// The response with certificates verifies itself.
    ///
    /// # Errors
    /// Returns an error if a base URL has more than scheme and host, or less.
    pub fn certificates<S, B>(self, transport: S) -> Result<HttpCertificateSource, ConfigError>
    where
        S: Service<Request<MaybeBuffered<RequestBody>>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (failover, sign, _) = self.layers(None)?;
        let base = failover.main();
        Ok(HttpCertificateSource::new(
            erase(failover.layer(sign.layer(transport))),
            &base,
        ))
    }

    fn layers(
        &self,
        announce: Option<Arc<dyn KeyStore>>,
    ) -> Result<(FailoverLayer, SignLayer, AllowedHosts), ConfigError> {
        let main = Base::parse(&self.base_url)?;
        let backups = match &self.backups {
            Some(backups) => backups
                .iter()
                .map(|base| Base::parse(base))
                .collect::<Result<_, _>>()?,
            None if main == Base::platform() => vec![Base::platform_backup()],
            None => Vec::new(),
        };
        let mut hosts = self.hosts.clone();
        for base in std::iter::once(&main).chain(&backups) {
            hosts = hosts.and(base.authority().clone());
        }
        let mut sign = SignLayer::new(self.signer.clone()).hosts(hosts.clone());
        if let Some(keys) = announce {
            sign = sign.announce(keys);
        }
        if let Some(value) = &self.user_agent {
            sign = sign.user_agent(value.clone());
        }
        Ok((FailoverLayer::of(main, backups), sign, hosts))
    }
}

fn erase<S, B>(service: S) -> Erased
where
    S: Service<Request<RequestBody>, Response = Response<B>, Error = Error> + Clone + Send + Sync + 'static,
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

//! One handle for everything of a merchant.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;
use wechatpay_core::{
    BoxError, ConfigError, Settings,
    keys::{CertificateCache, KeyHealth, KeyStore, PinnedKeys, RefreshGuard},
    notify::{Expectation, NotificationReceiver, Payee},
    sign::{RequestSigner, Signer as _},
    types::{Currency, Fen, OutTradeNo},
    verify::Verifier,
};

use crate::{MaybeBuffered, RequestBody, client::Client};

/// Client, receiver and keys of one merchant, built from its [`Settings`]. Cheap to clone.
///
/// ```no_run
/// # #[cfg(feature = "hyper")]
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// use wechatpay_tower::WechatPay;
///
/// let wechatpay = WechatPay::from_env()?;
/// let _refresh = wechatpay.spawn_refresh(); // downloads platform certificates until it is dropped
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct WechatPay(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: Client,
    receiver: NotificationReceiver,
    keys: Arc<dyn KeyStore>,
    cache: Option<CertificateCache>,
    settings: Settings,
}

impl WechatPay {
    /// Reads the variables `WECHATPAY_*` and builds the merchant; see [`Config::from_env`](wechatpay_core::Config::from_env).
    ///
    /// # Errors
    /// [`ConfigError::Problems`] with every problem of the settings, otherwise the part that could not be built.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use wechatpay_tower::WechatPay;
    ///
    /// let wechatpay = WechatPay::from_env()?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "hyper")]
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::new(&wechatpay_core::Config::from_env()?.validate()?)
    }

    /// Builds the merchant over the [hyper transport](crate::hyper::HyperTransport).
    ///
    /// # Errors
    /// Returns an error if settings are incomplete or a part cannot be built.
    #[cfg(feature = "hyper")]
    pub fn new(settings: &Settings) -> Result<Self, ConfigError> {
        let transport =
            crate::hyper::HyperTransport::new().map_err(|_| ConfigError::Missing("a TLS backend"))?;
        Self::with_transport(settings, transport)
    }

    /// Builds the merchant over any tower service of `http` requests.
    ///
    /// The transport must not follow redirects and not decompress.
    ///
    /// # Errors
    /// Returns an error if settings are incomplete or a part cannot be built.
    pub fn with_transport<S, B>(settings: &Settings, transport: S) -> Result<Self, ConfigError>
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
        let signer = settings.request_signer();
        let builder = || {
            Client::builder(signer.clone())
                .base_url(&settings.base_url)
                .provider(Arc::clone(&settings.provider))
        };
        let cache = if settings.certificates {
            let fetcher = Arc::new(builder().certificates(transport.clone())?);
            let mut cache = CertificateCache::builder(settings.api_v3_key.clone(), fetcher)
                .provider(Arc::clone(&settings.provider));
            if let Some(key) = &settings.public_key {
                cache = cache.pin(Arc::clone(key));
            }
            if let Some(observer) = &settings.observer {
                cache = cache.observer(Arc::clone(observer));
            }
            Some(cache.build()?)
        } else {
            None
        };
        let keys: Arc<dyn KeyStore> = match &cache {
            Some(cache) => Arc::new(cache.clone()),
            None => Arc::new(PinnedKeys::new(settings.public_key.clone())),
        };
        let mut verifier = Verifier::new(Arc::clone(&keys));
        if let Some(observer) = &settings.observer {
            verifier = verifier.observer(Arc::clone(observer));
        }
        let client = builder().service(transport, verifier)?;
        let mut receiver = NotificationReceiver::builder(
            settings.mchid.clone(),
            settings.api_v3_key.clone(),
            Arc::clone(&keys),
        )
        .provider(Arc::clone(&settings.provider));
        if let Some(appid) = &settings.appid {
            receiver = receiver.appid(appid.clone());
        }
        if let Some(sub_mchid) = &settings.sub_mchid {
            receiver = receiver.sub_mchid(sub_mchid.clone());
        }
        if let Some(observer) = &settings.observer {
            receiver = receiver.observer(Arc::clone(observer));
        }
        Ok(Self(Arc::new(Inner {
            client,
            receiver: receiver.build()?,
            keys,
            cache,
            settings: settings.clone(),
        })))
    }

    /// Returns the typed client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Returns the receiver of notifications.
    #[must_use]
    pub fn receiver(&self) -> &NotificationReceiver {
        &self.0.receiver
    }

    /// Describes the expected payment of an order, to compare a verified payment with.
    ///
    /// It has the number, the total in CNY, and the app and merchant of the settings. Compare before you fulfil the
    /// order: `paid.confirm(&expectation)`. For another sub-merchant than that of the settings, add
    /// [`Expectation::sub_mchid`].
    ///
    /// # Errors
    /// [`ConfigError::Missing`] if no app is set.
    pub fn expectation(&self, out_trade_no: OutTradeNo, total: Fen) -> Result<Expectation, ConfigError> {
        let payee = Payee::of(&self.0.settings)?;
        Ok(Expectation::new(out_trade_no, payee, total, Currency::Cny))
    }

    /// Returns the merchant's signer, for invocation parameters.
    #[must_use]
    pub fn signer(&self) -> &RequestSigner {
        self.0.client.signer()
    }

    /// Returns the platform's keys.
    #[must_use]
    pub fn keys(&self) -> &Arc<dyn KeyStore> {
        &self.0.keys
    }

    /// Returns the settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Returns the state of the platform's keys.
    ///
    /// It includes the expiry of the merchant's own certificate, if that is set.
    #[must_use]
    pub fn health(&self) -> KeyHealth {
        let mut health = self.0.keys.health();
        health.merchant_certificate_expiry = self.0.settings.signer.expires_at();
        health
    }

    /// Returns `true` if a platform key is trusted, so that notifications can be verified.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.health().is_ready()
    }

    /// Spawns the refresh of platform certificates, which stops when the guard is dropped.
    ///
    /// Returns `None` if only a public key (微信支付公钥) is used, which needs no refresh.
    ///
    /// # Panics
    /// Panics outside a tokio runtime.
    #[must_use = "dropping the guard stops the refresh"]
    pub fn spawn_refresh(&self) -> Option<RefreshGuard> {
        self.0.cache.as_ref().map(CertificateCache::spawn_refresh)
    }
}
